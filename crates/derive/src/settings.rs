//! `#[settings]`: a struct as a table of keys.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Error, Field, Fields, Ident, ItemStruct, Result};

use crate::param::Param;
use crate::{doc, home};

/// The struct, with its keys.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let of_all = syn::parse2::<Option<Ident>>(arguments)?;
    if let Some(word) = of_all.as_ref().filter(|word| *word != "fixed" && *word != "citywide") {
        return Err(Error::new(word.span(), "`settings` takes `fixed`, `citywide` or nothing"));
    }
    let mut item: ItemStruct = syn::parse2(item)?;
    let Fields::Named(fields) = &mut item.fields else {
        return Err(Error::new_spanned(&item.ident, "a table of settings has named fields"));
    };
    let (mut keys, mut reads) = (Vec::new(), Vec::new());
    let mut errors: Option<Error> = None;
    for field in &mut fields.named {
        match key(field, of_all.as_ref()) {
            Ok(key) => {
                reads.push(read(field, key.is_some()));
                keys.extend(key);
            }
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
    }
    match errors {
        Some(errors) => Err(errors),
        None => Ok(written(&item, &keys, &reads)),
    }
}

/// The key of a field, whose doc comment is completed; none if it is a table of its own.
fn key(field: &mut Field, of_all: Option<&Ident>) -> Result<Option<TokenStream>> {
    let name = field.ident.clone().expect("fields were found to be named");
    if take(&mut field.attrs, "table").is_some() {
        return Ok(None);
    }
    let Some(attribute) = take(&mut field.attrs, "param") else {
        return Err(Error::new(name.span(), "a setting says by `#[param(…)]` what it holds"));
    };
    let meaning = doc::take(&mut field.attrs);
    let param = Param::of(&attribute)?;
    let text = name.to_string();
    let (key, more) = param.key(text.trim_start_matches("r#"), &field.ty, &meaning, of_all)?;
    let read = doc::paragraphs(&[vec![doc::plain(&meaning)], more].concat());
    let docs = syn::parse::Parser::parse2(Attribute::parse_outer, read)?;
    field.attrs.splice(0..0, docs);
    Ok(Some(key))
}

/// How a field is filled from `table`: from its key, or as it stands if it has none.
fn read(field: &Field, has_key: bool) -> TokenStream {
    let (home, name) = (home(), &field.ident);
    let key = name.as_ref().map(ToString::to_string).unwrap_or_default();
    let key = key.trim_start_matches("r#");
    match has_key {
        true => quote!(#name: #home::take(&mut table, #key)?),
        false => quote!(#name: ::core::default::Default::default()),
    }
}

/// The attribute `name` among `attributes`, which are left without it.
fn take(attributes: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let at = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    Some(attributes.remove(at))
}

/// The struct, and how it is read. A derived `Deserialize` would be a third of the model's code: here each field's type
/// is read by one function, whatever struct it stands in.
fn written(item: &ItemStruct, keys: &[TokenStream], reads: &[TokenStream]) -> TokenStream {
    let (home, name) = (home(), &item.ident);
    let serde = format!("{home}::serde").replace(' ', "");
    quote! {
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            #home::serde::Serialize,
        )]
        #[serde(crate = #serde)]
        #item

        impl #home::Settings for #name {
            fn keys() -> ::std::vec::Vec<#home::Key> {
                ::std::vec![#(#keys),*]
            }

            fn of(mut table: #home::Table) -> ::core::result::Result<Self, #home::Unreadable> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a table with one field.
    fn told(field: TokenStream) -> String {
        let item = quote!(pub struct Settings { #field });
        match expand(TokenStream::new(), item) {
            Ok(written) => written.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_field_becomes_a_key_and_is_documented() {
        let made = told(quote! {
            /// Training
            /// of officers.
            #[param(real = 0.0, range = 0.0..=80.0, unit = "hours", zh = "培训。", fixed, choice)]
            training: f64
        });
        for expected in [
            r#"Key :: real ("training" , 0.0 , 0.0 , 80.0)"#,
            r#". fixed () . unit ("hours") . means ("Training of officers." , "培训。") . choice ()"#,
            "Default: 0, from 0 to 80. Unit: hours.",
            "Holds for the whole run.",
        ] {
            assert!(made.contains(expected), "{expected} is not in {made}");
        }
    }

    #[test]
    fn a_prior_of_its_own_goes_to_key_and_documentation() {
        let made = told(quote! {
            /// Gain.
            #[param(share = 0.1, zh = "增量。", prior = log_normal(0.2, 0.6), assumed = "none")]
            gain: f64
        });
        for expected in ["prior :: log_normal (0.2 , 0.6)) . assumed", "Prior: `log_normal(0.2, 0.6)`."] {
            assert!(made.contains(expected), "{expected} is not in {made}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_field_is_said_in_words() {
        for (field, expected) in [
            (quote!(#[doc = "A."] a: f64), "says by `#[param(…)]`"),
            (quote!(#[param(share = 0.5, zh = "甲", choice)] a: f64), "needs a doc comment"),
            (quote!(#[doc = "A."] #[param(zh = "甲", choice)] a: f64), "says not what it holds"),
            (quote!(#[doc = "A."] #[param(share = 0.5, choice)] a: f64), "needs `zh = \"…\"`"),
            (quote!(#[doc = "A."] #[param(share = 0.5, zh = "甲")] a: f64), "says not where the default"),
            (
                quote!(#[doc = "A."] #[param(real = 0.5, zh = "甲", choice)] a: f64),
                "`real` needs `range = …`",
            ),
            (
                quote!(#[doc = "A."] #[param(real = 0.5, range = 0.0..1.0, zh = "甲", choice)] a: f64),
                "`range` is a closed range",
            ),
            (
                quote!(#[doc = "A."] #[param(share = 0.5, count = 1, zh = "甲", choice)] a: f64),
                "`count` does not go together with `share`",
            ),
            (
                quote!(#[doc = "A."] #[param(share = 0.5, length = 1..=2, zh = "甲", choice)] a: f64),
                "`length` means nothing to `share`",
            ),
            (
                quote!(#[doc = "A."] #[param(shar = 0.5, zh = "甲", choice)] a: f64),
                "`shar` is not known here",
            ),
            (
                quote!(#[doc = "A."] #[param(flag = true, zh = "甲", prior = beta(1.0, 2.0))] a: bool),
                "`prior` means nothing to `flag`",
            ),
            (
                quote!(#[doc = "A."] #[param(share = 0.5, zh = "甲", choice, prior = beta(1.0, 2.0))] a: f64),
                "a choice is no claim",
            ),
            (quote!(#[doc = "A."] #[param(flag, zh = "甲")] a: bool), "`flag` needs a value"),
            (
                quote!(#[doc = "A."] #[param(flag = true, zh = "甲", zh = "乙")] a: bool),
                "`zh` is given twice",
            ),
            (
                quote!(#[doc = "A."] #[param(flag = true, zh = "甲", fixed = 1)] a: bool),
                "`fixed` takes no value",
            ),
        ] {
            let said = told(field);
            assert!(said.contains(expected), "{expected} is not in {said}");
        }
    }
}
