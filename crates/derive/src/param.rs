//! `#[param(…)]`: what one setting may hold, its default and where that comes from.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, ExprRange, Ident, RangeLimits, Result, Token, Type, UnOp};

use crate::{doc, home, prior};

/// What a setting may hold, by the name of the argument that gives the default.
const KINDS: [&str; 13] = [
    "share",
    "real",
    "count",
    "flag",
    "one_of",
    "text",
    "month",
    "shares",
    "each",
    "numbers",
    "rows",
    "communities",
    "election",
];
/// Kinds of which the default is always empty, so that it is not given.
const EMPTY: [&str; 4] = ["numbers", "rows", "communities", "election"];
/// Kinds of which the default is a claim about the world, unless it is said to be a choice.
const CLAIMS: [&str; 5] = ["share", "real", "count", "shares", "each"];
/// How well a default is known.
const GRADES: [&str; 5] = ["measured", "derived", "fitted", "assumed", "choice"];
/// All other arguments.
const OTHERS: [&str; 10] =
    ["range", "length", "parts", "words", "unit", "zh", "prior", "fixed", "citywide", "demonstration"];

/// One argument.
struct Argument {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Argument {
    fn parse(input: ParseStream) -> Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Argument { name, value })
    }
}

/// The arguments of one `#[param(…)]`, each known and given once.
pub struct Param {
    span: Span,
    arguments: Vec<Argument>,
}

impl Param {
    /// Reads the attribute.
    pub fn of(attribute: &syn::Attribute) -> Result<Param> {
        let span = attribute.path().get_ident().map_or_else(Span::call_site, Ident::span);
        let list = syn::punctuated::Punctuated::<Argument, Token![,]>::parse_terminated;
        let arguments: Vec<Argument> = attribute.parse_args_with(list)?.into_iter().collect();
        for (k, argument) in arguments.iter().enumerate() {
            check(argument)?;
            if arguments[..k].iter().any(|earlier| earlier.name == argument.name) {
                return Err(Error::new(argument.name.span(), format!("`{}` is given twice", argument.name)));
            }
        }
        Ok(Param { span, arguments })
    }

    fn get(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    fn value(&self, name: &str) -> Option<&Expr> {
        self.get(name).and_then(|argument| argument.value.as_ref())
    }

    /// The only argument among `names`, if there is one.
    fn one(&self, names: &[&str]) -> Result<Option<&Argument>> {
        let mut among = self.arguments.iter().filter(|a| names.iter().any(|name| a.name == name));
        let first = among.next();
        match (first, among.next()) {
            (Some(first), Some(second)) => Err(Error::new(
                second.name.span(),
                format!("`{}` does not go together with `{}`", second.name, first.name),
            )),
            _ => Ok(first),
        }
    }

    fn missing(&self, what: &str) -> Error {
        Error::new(self.span, what)
    }

    /// What argument `name` says, which `kind` cannot do without.
    fn needed(&self, name: &str, kind: &str) -> Result<&Expr> {
        self.value(name).ok_or_else(|| self.missing(&format!("`{kind}` needs `{name} = …`")))
    }

    /// Refuses arguments that mean nothing to `kind`.
    fn refuse_others(&self, kind: &str) -> Result<()> {
        let belongs = |name: &str| match name {
            "range" => matches!(kind, "real" | "count" | "each" | "numbers"),
            "length" => kind == "rows",
            "parts" => matches!(kind, "shares" | "each"),
            "words" => kind == "one_of",
            "prior" => matches!(kind, "share" | "real" | "count"),
            _ => true,
        };
        match self.arguments.iter().find(|a| !belongs(&a.name.to_string())) {
            Some(a) => Err(Error::new(a.name.span(), format!("`{}` means nothing to `{kind}`", a.name))),
            None => Ok(()),
        }
    }

    /// The key of field `name` of type `ty`, explained by `meaning`; and what is to be read about it beside that. What
    /// `of_all` keys of the table is said need not be said of this one.
    pub fn key(
        &self,
        name: &str,
        ty: &Type,
        meaning: &str,
        of_all: Option<&Ident>,
    ) -> Result<(TokenStream, Vec<String>)> {
        let Some(kind) = self.one(&KINDS)? else {
            return Err(self.missing(&format!("says not what it holds: give one of {}", listed(&KINDS))));
        };
        let kind = kind.name.to_string();
        self.refuse_others(&kind)?;
        let grade = self.one(&GRADES)?;
        if grade.is_none() && CLAIMS.contains(&kind.as_str()) {
            let grades = listed(&GRADES);
            return Err(self.missing(&format!("says not where the default comes from: give one of {grades}")));
        }
        if meaning.is_empty() {
            return Err(self.missing("needs a doc comment, which is its English meaning"));
        }
        let zh = self.value("zh").ok_or_else(|| self.missing("needs `zh = \"…\"`, its Chinese meaning"))?;
        let mut key = self.made(&kind, name, ty)?;
        let is = |word: &str| of_all.is_some_and(|all| all == word) || self.get(word).is_some();
        let (fixed, citywide) = (is("fixed"), is("citywide"));
        if fixed {
            key = quote!(#key.fixed());
        }
        if citywide {
            key = quote!(#key.citywide());
        }
        if let Some(unit) = self.value("unit") {
            key = quote!(#key.unit(#unit));
        }
        key = quote!(#key.means(#meaning, #zh));
        if let Some(settings) = self.value("demonstration") {
            key = quote!(#key.demonstration(&#settings));
        }
        let believed = self.value("prior").map(prior::expand).transpose()?;
        if let Some(prior) = &believed {
            if grade.is_some_and(|grade| grade.name == "choice") {
                return Err(self.missing("a choice is no claim about the world, and has no prior"));
            }
            key = quote!(#key.believed(#prior));
        }
        if let Some(grade) = grade {
            let (name, source) = (&grade.name, &grade.value);
            key = quote!(#key.#name(#source));
        }
        let said = self.default_value(&kind, ty)?;
        let more = vec![
            said,
            self.source(grade),
            self.believed(),
            self.demonstrated(),
            shown(zh),
            said_of_change(fixed, citywide),
        ];
        Ok((key, more))
    }

    /// The key with its kind and default.
    fn made(&self, kind: &str, name: &str, ty: &Type) -> Result<TokenStream> {
        let home = home();
        let default = self.value(kind);
        let make = Ident::new(kind, self.span);
        Ok(match kind {
            "real" | "count" => {
                let (low, high) = self.bounds("range", kind)?;
                quote!(#home::Key::#make(#name, #default, #low, #high))
            }
            "numbers" => {
                let (low, high) = self.bounds("range", kind)?;
                quote!(#home::Key::#make(#name, #low, #high))
            }
            "rows" => {
                let (shortest, longest) = self.bounds("length", kind)?;
                quote!(#home::Key::#make(#name, #shortest, #longest))
            }
            "shares" => {
                let parts = self.needed("parts", kind)?;
                quote!(#home::Key::#make(#name, &#default, &#parts))
            }
            "each" => {
                let ((low, high), parts) = (self.bounds("range", kind)?, self.needed("parts", kind)?);
                quote!(#home::Key::#make(#name, &#default, #low, #high, &#parts))
            }
            "one_of" => match (self.value("words"), default.and_then(variant)) {
                (Some(words), _) => quote!(#home::Key::#make(#name, #default, #words)),
                (None, Some(variant)) => quote! {
                    #home::Key::#make(
                        #name,
                        #home::Words::word(<#ty>::#variant),
                        <#ty as #home::Words>::WORDS,
                    )
                },
                (None, None) => {
                    let what = "`one_of` takes a variant of the field's enum, or a text beside `words = …`";
                    return Err(Error::new_spanned(default, what));
                }
            },
            "election" | "communities" => quote!(#home::Key::#make(#name)),
            _ => quote!(#home::Key::#make(#name, #default)),
        })
    }

    /// The ends of the closed range that argument `name` gives.
    fn bounds(&self, name: &str, kind: &str) -> Result<(&Expr, &Expr)> {
        let range = self.needed(name, kind)?;
        match range {
            Expr::Range(ExprRange {
                start: Some(low),
                end: Some(high),
                limits: RangeLimits::Closed(_),
                ..
            }) => Ok((low, high)),
            other => Err(Error::new_spanned(other, format!("`{name}` is a closed range, such as 0..=12"))),
        }
    }

    /// Default, bounds and unit, as a sentence.
    fn default_value(&self, kind: &str, ty: &Type) -> Result<String> {
        let default = match self.value(kind) {
            _ if EMPTY.contains(&kind) => "nothing".into(),
            Some(word) if kind == "one_of" => variant(word)
                .map_or_else(|| code(word), |v| format!("`{}`", crate::words::snake(&v.to_string()))),
            Some(value) if matches!(kind, "text" | "month") && doc::literal(value).as_deref() == Some("") => {
                "empty".into()
            }
            Some(value) => shown(value),
            None => String::new(),
        };
        let mut said = format!("Default: {default}");
        match kind {
            "share" => said += ", from 0 to 1",
            "real" | "count" | "each" | "numbers" => {
                let (low, high) = self.bounds("range", kind)?;
                said += &format!(", from {} to {}", shown(low), shown(high));
            }
            "one_of" if self.value("words").is_none() => {
                said += &format!(", one of the words of [`{}`]", ty.to_token_stream());
            }
            _ => {}
        }
        match self.value("unit") {
            Some(unit) => said += &format!(". Unit: {}", shown(unit)),
            None if matches!(kind, "share" | "shares") => said += ". Unit: share",
            None => {}
        }
        Ok(said + ".")
    }

    /// With what it shows an effect, as a sentence.
    fn demonstrated(&self) -> String {
        match self.value("demonstration") {
            Some(Expr::Array(settings)) => {
                let settings: Vec<_> = settings.elems.iter().filter_map(doc::literal).collect();
                let settings: Vec<_> = settings.iter().map(|setting| format!("`{setting}`")).collect();
                format!("Shows an effect with {}.", settings.join(", "))
            }
            _ => String::new(),
        }
    }

    /// Its own prior, as a sentence.
    fn believed(&self) -> String {
        self.value("prior").map_or(String::new(), |law| format!("Prior: `{}`.", prior::written(law)))
    }

    /// Grade and source, as a sentence.
    fn source(&self, grade: Option<&Argument>) -> String {
        match grade {
            Some(Argument { name, value: Some(source) }) => {
                let mut name = name.to_string();
                name[..1].make_ascii_uppercase();
                format!("{name}: {}.", shown(source).trim_end_matches('.'))
            }
            _ => "A choice of who writes the scenario.".into(),
        }
    }
}

fn said_of_change(fixed: bool, citywide: bool) -> String {
    let said = match (fixed, citywide) {
        (true, _) => "Holds for the whole run.",
        (_, true) => "Holds in the whole city.",
        _ => "",
    };
    said.into()
}

/// Refuses an argument that is not known, or has a value where it takes none, or none where it takes one.
fn check(Argument { name, value }: &Argument) -> Result<()> {
    let word = name.to_string();
    let known = KINDS.iter().chain(&GRADES).chain(&OTHERS).any(|known| *known == word);
    if !known {
        let what = format!(
            "`{word}` is not known here: give one of {} for what it holds, one of {} for where the default comes \
             from, and {}",
            listed(&KINDS),
            listed(&GRADES),
            listed(&OTHERS)
        );
        return Err(Error::new(name.span(), what));
    }
    let bare = EMPTY.contains(&word.as_str()) || matches!(word.as_str(), "choice" | "fixed" | "citywide");
    match value {
        Some(value) if bare => Err(Error::new_spanned(value, format!("`{word}` takes no value"))),
        None if !bare => Err(Error::new(name.span(), format!("`{word}` needs a value: `{word} = …`"))),
        _ => Ok(()),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The name of a variant, if `expression` is nothing else.
fn variant(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// A value as people write it: texts as they are, numbers without what only the compiler needs, all else as
/// code.
fn shown(expression: &Expr) -> String {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => doc::plain(&text.value()),
            syn::Lit::Float(number) => short(&number.to_string()),
            syn::Lit::Int(number) => short(&number.to_string()),
            other => other.to_token_stream().to_string(),
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => format!("−{}", shown(&unary.expr)),
        Expr::Array(array) => array.elems.iter().map(shown).collect::<Vec<_>>().join(" : "),
        // A constant, of which the documentation tells the rest.
        Expr::Path(_) => format!("[{}]", code(expression)),
        _ => code(expression),
    }
}

fn code(expression: &Expr) -> String {
    format!("`{}`", expression.to_token_stream().to_string().replace(" :: ", "::"))
}

fn short(number: &str) -> String {
    let number = number.replace('_', "");
    match number.strip_suffix(".0") {
        Some(whole) => whole.into(),
        None => number,
    }
}
