//! `#[words]`: an enum as the words that a setting may hold.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Error, Expr, Fields, ItemEnum, Meta, Result, Variant};

use crate::{doc, home};

/// The enum, with its words.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`words` takes no arguments"));
    }
    let mut item: ItemEnum = syn::parse2(item)?;
    let home = home();
    let serde = format!("{home}::serde").replace(' ', "");
    let (mut words, mut arms) = (Vec::new(), Vec::new());
    for (k, variant) in item.variants.iter_mut().enumerate() {
        words.push(word(variant)?);
        let name = &variant.ident;
        arms.push(quote!(Self::#name => Self::WORDS[#k].name));
    }
    let name = &item.ident;
    Ok(quote! {
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            #home::serde::Serialize,
            #home::serde::Deserialize,
        )]
        #[serde(crate = #serde, rename_all = "snake_case")]
        #item

        impl #home::Words for #name {
            const WORDS: &'static [#home::Word] = &[#(#words),*];

            fn word(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    })
}

/// The word of a variant, whose doc comment is completed.
fn word(variant: &mut Variant) -> Result<TokenStream> {
    if !matches!(variant.fields, Fields::Unit) {
        return Err(Error::new_spanned(&variant.fields, "a word holds nothing"));
    }
    let meaning = doc::take(&mut variant.attrs);
    if meaning.is_empty() {
        let what = "needs a doc comment, which is its English meaning";
        return Err(Error::new(variant.ident.span(), what));
    }
    let zh = take_zh(variant)?;
    let read = doc::paragraphs(&[doc::plain(&meaning), doc::literal(&zh).unwrap_or_default()]);
    variant.attrs.splice(0..0, syn::parse::Parser::parse2(Attribute::parse_outer, read)?);
    let (home, name) = (home(), snake(&variant.ident.to_string()));
    Ok(quote!(#home::word(#name, #meaning, #zh)))
}

/// The value of `#[zh = "…"]`, which is taken away.
fn take_zh(variant: &mut Variant) -> Result<Expr> {
    let at = variant.attrs.iter().position(|attribute| attribute.path().is_ident("zh"));
    match at.map(|at| variant.attrs.remove(at).meta) {
        Some(Meta::NameValue(pair)) => Ok(pair.value),
        _ => Err(Error::new(variant.ident.span(), "needs `#[zh = \"…\"]`, its Chinese meaning")),
    }
}

/// `Name` as a word of a file, as serde writes it: "some_name".
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (k, c) in name.char_indices() {
        if k > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_becomes_a_word() {
        let item = quote! {
            enum Role {
                /// half of the time
                #[zh = "各半"]
                HalfEach,
            }
        };
        let made = expand(TokenStream::new(), item).expect("it is right").to_string();
        assert!(made.contains(r#"word ("half_each" , "half of the time" , "各半")"#), "{made}");
    }

    #[test]
    fn a_word_needs_both_languages_and_holds_nothing() {
        for (variant, expected) in [
            (
                quote!(
                    #[zh = "甲"]
                    A
                ),
                "needs a doc comment",
            ),
            (
                quote!(
                    #[doc = "a"]
                    A
                ),
                "needs `#[zh = \"…\"]`",
            ),
            (
                quote!(
                    #[doc = "a"]
                    #[zh = "甲"]
                    A(u8)
                ),
                "holds nothing",
            ),
        ] {
            let said = expand(TokenStream::new(), quote!(enum Role { #variant })).unwrap_err().to_string();
            assert!(said.contains(expected), "{expected} is not in {said}");
        }
    }
}
