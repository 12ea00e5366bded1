//! `prior = …`: what is believed of a setting before any data.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Error, Expr, ExprCall, ExprMethodCall, Result};

use crate::home;

/// The laws, each with its arguments as they are to be written.
const LAWS: [(&str, &str); 6] = [
    ("normal", "mean, sd"),
    ("log_normal", "median, log_sd"),
    ("beta", "a, b"),
    ("share", "mean, spread"),
    ("uniform", "low, high"),
    ("half_normal", "sd"),
];
/// What may follow a law.
const LATER: [(&str, &str); 2] = [("within", "low, high"), ("of", "\"table.key\"")];

/// The prior, with the functions of the simulator: a law, and what may follow it.
pub fn expand(written: &Expr) -> Result<TokenStream> {
    let home = home();
    match written {
        Expr::MethodCall(ExprMethodCall { receiver, method, args, .. })
            if knows(&LATER, method, args.len()) =>
        {
            let before = expand(receiver)?;
            Ok(quote!(#before.#method(#args)))
        }
        Expr::Call(ExprCall { func, args, .. }) => match &**func {
            Expr::Path(path) if path.path.get_ident().is_some_and(|law| knows(&LAWS, law, args.len())) => {
                Ok(quote!(#home::prior::#path(#args)))
            }
            other => Err(unknown(other)),
        },
        other => Err(unknown(other)),
    }
}

/// The prior as people write it.
pub fn written(prior: &Expr) -> String {
    let tokens = prior.to_token_stream().to_string();
    [(" (", "("), (" , ", ", "), (" . ", ".")].iter().fold(tokens, |text, (from, to)| text.replace(from, to))
}

/// True if `name` is among `known`, and takes so many arguments.
fn knows(known: &[(&str, &str)], name: &syn::Ident, count: usize) -> bool {
    known.iter().any(|(one, arguments)| name == one && arguments.split(", ").count() == count)
}

fn unknown(written: &Expr) -> Error {
    let listed = |known: &[(&str, &str)]| {
        known.iter().map(|(name, arguments)| format!("`{name}({arguments})`")).collect::<Vec<_>>().join(", ")
    };
    let what = format!("is no prior: give one of {}, then perhaps {}", listed(&LAWS), listed(&LATER));
    Error::new_spanned(written, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn a_law_and_what_follows_it_become_calls() {
        let made = expand(&parse_quote!(log_normal(0.2, 0.6).within(0.02, 0.8))).expect("it is right");
        let expected = "prior :: log_normal (0.2 , 0.6) . within (0.02 , 0.8)";
        assert!(made.to_string().ends_with(expected), "{made}");
        let made = expand(&parse_quote!(beta(2.0, 4.0).of("residents.habit_gain"))).expect("it is right");
        assert!(made.to_string().ends_with(r#". of ("residents.habit_gain")"#), "{made}");
    }

    #[test]
    fn a_prior_is_documented_as_it_is_written() {
        let prior = parse_quote!(log_normal(0.2, 0.6).within(0.02, 0.8));
        assert_eq!(written(&prior), "log_normal(0.2, 0.6).within(0.02, 0.8)");
    }

    #[test]
    fn anything_else_is_refused() {
        let wrong: [Expr; 6] = [
            parse_quote!(gamma(1.0, 2.0)),
            parse_quote!(normal(1.0)),
            parse_quote!(0.5),
            parse_quote!(beta),
            parse_quote!(beta(1.0, 2.0).cut(0.0, 1.0)),
            parse_quote!(beta(1.0, 2.0).of()),
        ];
        for written in &wrong {
            let said = expand(written).expect_err("it is wrong").to_string();
            assert!(said.contains("`half_normal(sd)`") && said.contains("`within(low, high)`"), "{said}");
        }
    }
}
