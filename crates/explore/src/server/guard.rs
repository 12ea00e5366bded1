//! Who may ask: this machine's own page alone, by a secret of this run.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use shequ_model::base::i18n::{Both, both};

/// What a browser must show to be let in.
#[derive(Clone)]
pub struct Guard {
    port: u16,
    secret: String,
}

/// What a page of ours may load: itself alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self' data:; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Headers of every answer, refusals among them.
const HEADERS: [(header::HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

impl Guard {
    /// A guard of a server at a port, with a secret of 128 bits from the system.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn new(port: u16) -> Result<Guard, getrandom::Error> {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Guard { port, secret: bytes.iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// The address that lets a browser in.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?key={}", self.port, self.secret)
    }

    /// The cookie by which it stays in. Cookies know no ports, so its name does.
    pub fn cookie(&self) -> String {
        format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.name(), self.secret)
    }

    fn name(&self) -> String {
        format!("shequ-{}", self.port)
    }

    /// True if `key` is the secret, in a time that does not depend on where they differ.
    pub fn is_secret(&self, key: &str) -> bool {
        let (own, given) = (self.secret.as_bytes(), key.as_bytes());
        own.len() == given.len() && own.iter().zip(given).fold(0, |apart, (a, b)| apart | (a ^ b)) == 0
    }

    /// True if the request was addressed to this server by a name of this machine.
    fn is_for_us(&self, headers: &HeaderMap) -> bool {
        let host = text(headers, header::HOST);
        ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", self.port))
    }

    /// True if no other page asks.
    fn is_from_us(&self, headers: &HeaderMap) -> bool {
        let own = |origin: &HeaderValue| {
            let ours = ["127.0.0.1", "localhost"].map(|name| format!("http://{name}:{}", self.port));
            ours.iter().any(|our| origin.as_bytes() == our.as_bytes())
        };
        headers.get(header::ORIGIN).is_none_or(own)
            && !matches!(
                text(headers, header::HeaderName::from_static("sec-fetch-site")),
                "cross-site" | "same-site"
            )
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let name = format!("{}=", self.name());
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut all = cookies.flat_map(|cookies| cookies.split(';'));
        all.any(|cookie| cookie.trim().strip_prefix(&name).is_some_and(|value| self.is_secret(value)))
    }

    /// The key that an address brings.
    pub fn key_of(query: &str) -> Option<String> {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "key")
            .map(|(_, key)| key.into_owned())
    }

    fn judge(&self, request: &Request) -> Result<(), (StatusCode, Both)> {
        let headers = request.headers();
        if !self.is_for_us(headers) {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                both("not for this server", "不是发给此服务的请求"),
            ));
        }
        if !self.is_from_us(headers) {
            return Err((StatusCode::FORBIDDEN, both("another page asks", "请求来自其他网页")));
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Err((
                StatusCode::METHOD_NOT_ALLOWED,
                both("this server only answers GET", "此服务只接受 GET"),
            ));
        }
        let entering = request.uri().path() == "/"
            && Guard::key_of(request.uri().query().unwrap_or("")).is_some_and(|key| self.is_secret(&key));
        if !entering && !self.has_cookie(headers) {
            return Err((
                StatusCode::UNAUTHORIZED,
                both(
                    "open the address that `shequ explore` printed; it holds the secret of this run",
                    "请打开 `shequ explore` 打印的地址，其中含有本次运行的密钥",
                ),
            ));
        }
        Ok(())
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Lets through who may ask, and gives every answer the headers that keep others out.
pub async fn guarded(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.judge(&request) {
        Ok(()) => next.run(request).await,
        Err((status, why)) => {
            let mut refused = Response::new(Body::from(format!("{}\n{}\n", why.en, why.zh)));
            *refused.status_mut() = status;
            refused
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            refused
        }
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A report brings a policy of its own, which names its scripts by their hashes.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard { port: 4321, secret: "0123456789abcdef0123456789abcdef".into() }
    }

    fn status(method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        guard()
            .judge(&request.body(Body::empty()).unwrap())
            .map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn only_the_own_page_with_the_secret_is_let_in() {
        let host = ("host", "127.0.0.1:4321");
        let cookie = ("cookie", "other=1; shequ-4321=0123456789abcdef0123456789abcdef");
        assert_eq!(status("GET", "/answer", &[host, cookie]), 200);
        assert_eq!(status("GET", "/?key=0123456789abcdef0123456789abcdef", &[host]), 200);
        // The key opens the door, and no other.
        assert_eq!(status("GET", "/answer?key=0123456789abcdef0123456789abcdef", &[host]), 401);
        assert_eq!(status("GET", "/?key=0123456789abcdef0123456789abcdee", &[host]), 401);
        assert_eq!(status("GET", "/", &[host, ("cookie", "shequ-1=0123456789abcdef0123456789abcdef")]), 401);
        for other in ["evil.example:4321", "127.0.0.1", "127.0.0.1:4322", "0.0.0.0:4321", ""] {
            assert_eq!(status("GET", "/answer", &[("host", other), cookie]), 421, "{other}");
        }
        assert_eq!(status("GET", "/answer", &[cookie]), 421);
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:4321"] {
            assert_eq!(status("GET", "/answer", &[host, cookie, ("origin", origin)]), 403, "{origin}");
        }
        assert_eq!(status("GET", "/answer", &[host, cookie, ("origin", "http://localhost:4321")]), 200);
        assert_eq!(status("GET", "/answer", &[host, cookie, ("sec-fetch-site", "cross-site")]), 403);
        assert_eq!(status("POST", "/answer", &[host, cookie]), 405);
    }

    #[test]
    fn each_run_has_a_secret_of_its_own() {
        let [a, b] = [1, 1].map(|port| Guard::new(port).unwrap());
        assert!(a.secret.len() == 32 && a.secret != b.secret && !a.is_secret(&b.secret));
    }
}
