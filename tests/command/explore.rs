//! The page of `shequ explore`: who is let in, what is refused, and that it stays small and ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::place::Place;

const TINY: &str = "name = \"Tiny\"\nmonths = 12\nburn_in = 0\nreplicates = 4\npopulation.communities = 2\npopulation.adults = 60\n";

/// Long enough for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, which ends with the test.
struct Server {
    process: Child,
    // Held open: a closed pipe is another test's matter.
    _out: BufReader<ChildStdout>,
    port: u16,
    secret: String,
}

impl Server {
    fn start(place: &Place) -> Server {
        Server::of(place, "tiny.toml")
    }

    fn of(place: &Place, scenario: &str) -> Server {
        let mut command = place.command(&["explore", scenario, "--no-open"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        let rest = address.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, secret) = rest.split_once("/?key=").unwrap();
        let (port, secret) = (port.parse().unwrap(), secret.to_string());
        Server { process, _out: out, port, secret }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// What is answered to these bytes, up to the end of the connection.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that has seen enough may close before all is written.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// What a page of ours is answered.
    fn get(&self, path: &str) -> String {
        let (port, secret) = (self.port, &self.secret);
        self.raw(
            format!(
                "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: shequ-{port}={secret}\r\nConnection: close\r\n\r\n"
            )
            .as_bytes(),
        )
    }

    /// A request of a page of ours, whose answer is still to be read.
    fn ask(&self, path: &str) -> TcpStream {
        let (port, secret) = (self.port, &self.secret);
        let mut stream = self.connect();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: shequ-{port}={secret}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Resident memory in bytes, as the system says.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn server() -> (Place, Server) {
    let place = Place::with(&[("tiny.toml", TINY)]);
    let server = Server::start(&place);
    (place, server)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[test]
fn the_address_lets_in_and_nothing_else_does() {
    let (_place, server) = server();
    let Server { port, secret, .. } = &server;
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let cookie = format!("Cookie: shequ-{port}={secret}\r\n");
    let ask = |line: &str, headers: &str| {
        server.raw(format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes())
    };
    let entering = ask(&format!("GET /?key={secret}"), &host);
    assert_eq!(status(&entering), "303");
    assert!(entering.contains("HttpOnly; SameSite=Strict") && !entering.contains("<html"), "{entering}");
    for (line, headers, expected) in [
        ("GET /", host.clone(), "401"),
        ("GET /answer", host.clone(), "401"),
        ("GET /?key=0123456789abcdef0123456789abcdef", host.clone(), "401"),
        ("GET /", format!("Host: evil.example\r\n{cookie}"), "421"),
        ("GET /", cookie.clone(), "421"),
        ("GET /levers", format!("{host}{cookie}Origin: http://evil.example\r\n"), "403"),
        ("GET /levers", format!("{host}{cookie}Sec-Fetch-Site: cross-site\r\n"), "403"),
        ("POST /answer", format!("{host}{cookie}Content-Length: 0\r\n"), "405"),
        ("DELETE /", format!("{host}{cookie}"), "405"),
        ("GET /nowhere", format!("{host}{cookie}"), "404"),
        ("GET /../../etc/passwd", format!("{host}{cookie}"), "404"),
        ("GET /%2e%2e/%2e%2e/etc/passwd", format!("{host}{cookie}"), "404"),
        ("GET //etc/passwd", format!("{host}{cookie}"), "404"),
        ("GET /answer?lever=population.adults%3D9", format!("{host}{cookie}"), "200"),
        ("GET /watch?base=7", format!("{host}{cookie}"), "400"),
        ("GET /resident?community=9&resident=0&month=0", format!("{host}{cookie}"), "400"),
        ("GET /levers", format!("{host}{cookie}"), "200"),
    ] {
        let answer = ask(line, &headers);
        assert_eq!(status(&answer), expected, "{line}\n{headers}\n{}", &answer[..answer.len().min(300)]);
        // Every answer keeps others out, refusals too; none allows another origin, or tells the secret.
        for header in [
            "content-security-policy:",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "referrer-policy:",
        ] {
            assert!(answer.contains(header), "{line}: {header}");
        }
        assert!(!answer.to_lowercase().contains("access-control"), "{line}");
        assert!(!answer.contains(secret.as_str()), "{line}");
    }
}

#[test]
fn an_answer_grows_and_ends_and_says_what_is_wrong() {
    let (_place, server) = server();
    let answer = server.get("/answer?lever=outreach.wechat_group%3D1");
    assert_eq!(answer.matches("event: answer").count(), 1, "four pairs of a city that is small as it is");
    assert!(answer.contains("\"done\":4,\"of\":4") && answer.contains("event: done"), "{answer}");
    let wrong = server.get("/answer?lever=outreach.phone%3D9&lever=council.rule%3Dnone&where=kind%3Dmoon");
    assert!(wrong.contains("event: wrong") && !wrong.contains("event: answer"), "{wrong}");
    for named in ["`outreach.phone`", "`council.rule`", "`where`"] {
        assert!(wrong.contains(named), "{named}: {wrong}");
    }
    assert!(
        server.get("/scenario?lever=outreach.phone%3D0.2").contains("outreach.phone = 0.2"),
        "the scenario"
    );
    assert!(server.get("/theories?lever=outreach.phone%3D0.2").contains("event: done"), "all theories");
}

/// A city of which a replicate takes seconds: 72 million resident-months.
const LONG: &str = "name = \"Long\"\nmonths = 1200\nburn_in = 24\nreplicates = 8\npopulation.communities = 20\npopulation.adults = 3000\n";

#[test]
fn an_answer_that_takes_long_says_how_far_it_is() {
    let place = Place::with(&[("long.toml", LONG)]);
    let server = Server::of(&place, "long.toml");
    let mut lines = BufReader::new(server.ask("/answer?lever=outreach.phone%3D0.2")).lines();
    let mut data_of = |kind: &str, stage: &str| {
        let mut is_kind = false;
        loop {
            let line = lines.next().unwrap().unwrap();
            if let Some(event) = line.strip_prefix("event: ") {
                is_kind = event == kind;
            }
            let data = line.strip_prefix("data: ").filter(|data| is_kind && data.contains(stage));
            if let Some(data) = data {
                return serde_json::from_str::<serde_json::Value>(data).unwrap();
            }
        }
    };
    // First an answer of a small city, then how far that of the asked one is.
    let answer = data_of("answer", "\"stage\":\"small\"");
    assert_eq!((&answer["city"][1], &answer["asked"]), (&4_000.into(), &false.into()));
    let first = data_of("progress", "\"stage\":\"asked\"");
    assert_eq!(first["city"], serde_json::json!([20, 60_000]));
    // Four pairs, or one for each processor, of 1,200 months each; of the base none is kept.
    let pairs = std::thread::available_parallelism().unwrap().get().clamp(4, 8) as u64;
    assert_eq!(first["months"][1], 2 * 1_200 * pairs);
    assert_eq!(first["burn_in"], 24);
    let done = |progress: &serde_json::Value| progress["months"][0].as_u64().unwrap();
    let mut later = first.clone();
    while done(&later) == done(&first) {
        later = data_of("progress", "\"stage\":\"asked\"");
    }
    assert!(done(&first) < done(&later) && done(&later) <= 2 * 1_200 * pairs);
}

#[test]
#[allow(clippy::disallowed_methods)] // A clock that ends a wait in vain; nothing else is asserted of it.
fn what_nobody_waits_for_any_more_stops_at_once() {
    // A dozen questions at a time, of which each would take minutes beside the others; more are refused. Nothing is fitted
    // and nothing comes to rest, which is not asked every month whether somebody waits.
    let long = LONG.replace("burn_in = 24", "burn_in = 0").replace("adults = 3000", "adults = 6000");
    let place = Place::with(&[("long.toml", &long)]);
    for path in ["/answer?lever=outreach.phone%3D0.2", "/watch?lever=outreach.phone%3D0.2"] {
        let server = Server::of(&place, "long.toml");
        let open: Vec<TcpStream> = (0..12).map(|_| server.ask(path)).collect();
        let begun = Instant::now();
        while status(&server.get("/scenario")) != "503" {
            assert!(begun.elapsed() < PATIENCE, "{path}: a dozen are at work");
        }
        drop(open);
        let dropped = Instant::now();
        // All of them have stopped: a dozen others find room beside each other.
        let held = |_| loop {
            let mut stream = server.ask("/answer?lever=outreach.phone%3D0.3");
            let mut first = [0; 12];
            stream.read_exact(&mut first).unwrap();
            if &first == b"HTTP/1.1 200" {
                return stream;
            }
            assert!(dropped.elapsed() < PATIENCE, "{path}: all have stopped");
            std::thread::sleep(Duration::from_millis(50));
        };
        drop((0..12).map(held).collect::<Vec<TcpStream>>());
    }
}

#[test]
fn what_is_no_request_is_refused_and_memory_stays_small() {
    let (_place, server) = server();
    let (port, secret) = (server.port, server.secret.clone());
    server.get("/answer?lever=outreach.phone%3D0.2");
    let before = server.memory();
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"no request at all\r\n\r\n".to_vec(),
        [b"GET /".to_vec(), vec![b'a'; 200_000], b" HTTP/1.1\r\n\r\n".to_vec()].concat(),
        [
            b"GET / HTTP/1.1\r\n".to_vec(),
            [b"X: ".to_vec(), vec![b'y'; 2_000_000], b"\r\n\r\n".to_vec()].concat(),
        ]
        .concat(),
        [b"GET / HTTP/1.1\r\n".to_vec(), b"A: b\r\n".repeat(10_000), b"\r\n".to_vec()].concat(),
    ] {
        let answer = server.raw(&bytes);
        assert!(["400", "414", "431", "505", "closed"].contains(&status(&answer)), "{answer}");
        assert!(!answer.contains(&secret));
    }
    for n in 0..1_000 {
        let answer = server.get(&format!("/nowhere/{n}"));
        assert_eq!(status(&answer), "404", "{n}");
    }
    // Streams that nobody reads, and connections on which nothing is said.
    let ask = format!(
        "GET /answer?lever=outreach.phone%3D0.3 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: shequ-{port}={secret}\r\n\r\n"
    );
    let open: Vec<TcpStream> = (0..40)
        .map(|n| {
            let mut stream = server.connect();
            if n % 2 == 0 {
                stream.write_all(ask.as_bytes()).unwrap();
            }
            stream
        })
        .collect();
    assert_eq!(status(&server.get("/nowhere")), "404", "others are still answered");
    drop(open);
    if let (Some(before), Some(after)) = (before, server.memory()) {
        // Forty megabytes more would be a leak of forty kilobytes for each request.
        assert!(after < before + (40 << 20), "{before} bytes before, {after} after");
    }
}

#[test]
fn ctrl_c_ends_it_though_somebody_listens() {
    let (place, mut server) = server();
    let (port, secret) = (server.port, server.secret.clone());
    let mut listening = server.connect();
    let ask = format!(
        "GET /theories?lever=outreach.phone%3D0.3 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: shequ-{port}={secret}\r\n\r\n"
    );
    listening.write_all(ask.as_bytes()).unwrap();
    let mut first = [0; 1];
    listening.read_exact(&mut first).unwrap();
    kill_process(Pid::from_raw(server.process.id() as i32).unwrap(), Signal::INT).unwrap();
    assert_eq!(server.process.wait().unwrap().code(), Some(130));
    // Nothing was written.
    let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["tiny.toml"]);
}

#[test]
fn a_scenario_that_is_wrong_is_told_before_anything_is_served() {
    let place = Place::with(&[("tiny.toml", "name = \"Tiny\"\nmonths = 0\n")]);
    let output = place.command(&["explore", "tiny.toml", "--no-open"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && String::from_utf8_lossy(&output.stderr).contains("months"));
}
