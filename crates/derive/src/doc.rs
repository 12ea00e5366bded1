//! Doc comments: what was written, and what is added to it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comment among `attributes`, which are left without it: lines joined by spaces.
pub fn take(attributes: &mut Vec<Attribute>) -> String {
    let (docs, others): (Vec<_>, Vec<_>) =
        std::mem::take(attributes).into_iter().partition(|attribute| attribute.path().is_ident("doc"));
    *attributes = others;
    let lines: Vec<String> = docs.iter().filter_map(line).map(|line| line.trim().to_string()).collect();
    lines.join(" ").trim().to_string()
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) => literal(&pair.value),
        _ => None,
    }
}

/// The text of `expression`, if it is one as it stands.
pub fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// Paragraphs as doc attributes.
pub fn paragraphs(texts: &[String]) -> TokenStream {
    let texts = texts.iter().filter(|text| !text.is_empty()).map(|text| format!("{text}\n\n"));
    quote!(#(#[doc = #texts])*)
}

/// `text` with what Markdown would take for a link, an emphasis or a tag marked as plain, but for code between
/// backticks.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut code = false;
    for c in text.chars() {
        code ^= c == '`';
        if !code && matches!(c, '[' | ']' | '<' | '>' | '*' | '_' | '\\') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_no_links_but_in_code() {
        assert_eq!(plain("keys of [population], `[0]`"), "keys of \\[population\\], `[0]`");
    }
}
