//! What may be asked, by path.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::wrappers::ReceiverStream;

use super::guard::{Guard, guarded};
use super::{Shared, page};
use crate::answer::{GoOn, Told, answer};
use crate::levers::levers;
use crate::question::Question;
use crate::saved::{self, Paper};
use crate::theories::under_theories;
use crate::watch::{resident, watch};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;

/// Answers on their way to a browser; more make the work wait.
const WAITING: usize = 4;
/// A word now and then, so that nothing between takes the stream for dead.
const ALIVE: Duration = Duration::from_secs(15);

/// The kind of event that answers.
const ANSWER: &str = "answer";

/// All paths, guarded.
pub fn router(shared: Shared) -> Router {
    let guard = shared.guard.clone();
    Router::new()
        .route("/", get(enter))
        .route("/explore.css", get(|| async { file("text/css", page::style()) }))
        .route("/explore.js", get(|| async { file("text/javascript", page::script()) }))
        .route("/levers", get(all_levers))
        .route("/answer", get(answers))
        .route("/theories", get(theories))
        .route("/watch", get(watched))
        .route("/resident", get(one_resident))
        .route("/scenario", get(scenario))
        .route("/report", get(report))
        .route("/brief", get(brief))
        .with_state(shared)
        .layer(middleware::from_fn_with_state(guard, guarded))
}

/// The page; with the secret in the address, first the cookie that replaces it there.
async fn enter(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    match Guard::key_of(&query.unwrap_or_default()) {
        None => file("text/html", page::html()),
        Some(_) => {
            let to = [(header::LOCATION, "/".to_string()), (header::SET_COOKIE, shared.guard.cookie())];
            (StatusCode::SEE_OTHER, to).into_response()
        }
    }
}

fn file(kind: &str, content: impl Into<axum::body::Body>) -> Response {
    let kind = HeaderValue::from_str(&format!("{kind}; charset=utf-8"));
    let mut response = Response::new(content.into());
    kind.into_iter().for_each(|kind| drop(response.headers_mut().insert(header::CONTENT_TYPE, kind)));
    response
}

fn json(value: &impl Serialize) -> Response {
    file("application/json", serde_json::to_vec(value).unwrap_or_default())
}

fn refused(status: StatusCode, why: &[Both]) -> Response {
    (status, json(&why)).into_response()
}

fn words(problems: &Problems) -> Vec<Both> {
    let one = |problem: &shequ_model::base::problem::Problem| match (&problem.allowed, &problem.help) {
        (Some(more), _) | (None, Some(more)) => {
            both!("{what}: {more}", "{what}：{more}"; what = problem.message, more = **more)
        }
        (None, None) => problem.message.clone(),
    };
    problems.0.iter().map(one).collect()
}

fn busy() -> Response {
    refused(StatusCode::SERVICE_UNAVAILABLE, &[both("too many questions at a time", "同时提出的问题过多")])
}

async fn all_levers(State(shared): State<Shared>) -> Response {
    json(&levers(&shared.session.bases))
}

/// A question that is worked on in a thread of its own, which ends when nobody listens any more. It hands out events, each
/// of a kind.
fn streamed<W>(shared: Shared, query: Option<String>, work: W) -> Response
where
    W: FnOnce(&Shared, &Question, &GoOn, &mut dyn FnMut(&str, String)) -> Result<(), Problems>
        + Send
        + 'static,
{
    let Ok(room) = shared.questions.clone().try_acquire_owned() else { return busy() };
    let (to, from) = mpsc::channel::<Result<Event, Infallible>>(WAITING);
    std::thread::spawn(move || {
        let _room = room;
        let go_on = {
            let (to, closing) = (to.clone(), shared.closing.clone());
            move || !to.is_closed() && !closing.load(Ordering::Relaxed)
        };
        let mut hand_out = |kind: &str, data: String| send(&to, kind, data);
        let asked = Question::of_address(&query.unwrap_or_default());
        match asked.and_then(|question| work(&shared, &question, &go_on, &mut hand_out)) {
            Ok(()) => send(&to, "done", written(&())),
            Err(problems) => send(&to, "wrong", written(&words(&problems))),
        }
    });
    Sse::new(ReceiverStream::new(from)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn send(to: &Sender<Result<Event, Infallible>>, kind: &str, data: String) {
    // Nobody listens any more: the work ends by itself.
    let _ = to.blocking_send(Ok(Event::default().event(kind).data(data)));
}

async fn answers(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    streamed(shared, query, |shared, question, go_on, hand_out| {
        answer(&shared.session, question, go_on, &mut |told| match told {
            Told::Answer(answer) => hand_out(ANSWER, written(&answer)),
            Told::Progress(progress) => hand_out("progress", written(&progress)),
        })
    })
}

async fn theories(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    streamed(shared, query, |shared, question, go_on, hand_out| {
        under_theories(&shared.session, question, go_on, &mut |told| hand_out(ANSWER, written(&told)))
    })
}

/// A question with one answer, worked on in a thread of its own, which ends when nobody waits any more.
async fn once<T, W>(shared: Shared, query: Option<String>, work: W) -> Response
where
    T: IntoResponse + Send + 'static,
    W: FnOnce(&Shared, &Question, &str, &GoOn) -> Result<T, Vec<Both>> + Send + 'static,
{
    let Ok(room) = shared.questions.clone().try_acquire_owned() else { return busy() };
    let (to, from) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _room = room;
        let query = query.unwrap_or_default();
        let go_on = || !to.is_closed() && !shared.closing.load(Ordering::Relaxed);
        let result = Question::of_address(&query)
            .map_err(|problems| words(&problems))
            .and_then(|question| work(&shared, &question, &query, &go_on));
        let _ = to.send(result);
    });
    match from.await {
        Ok(Ok(value)) => value.into_response(),
        Ok(Err(why)) => refused(StatusCode::BAD_REQUEST, &why),
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, &[both("this cannot be answered", "无法回答")]),
    }
}

async fn watched(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    once(shared, query, |shared, question, _, go_on| {
        watch(&shared.session, question, go_on).map(|watched| json(&watched)).map_err(|p| words(&p))
    })
    .await
}

async fn one_resident(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    once(shared, query, |shared, question, query, _| {
        let number = |wanted: &str| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find(|(name, _)| name == wanted).and_then(|(_, value)| value.parse::<u32>().ok())
        };
        // What is not said is beyond the last, and told so.
        let [community, resident_number, month] =
            ["community", "resident", "month"].map(|name| number(name).unwrap_or(u32::MAX));
        let who = (community as usize, resident_number as usize, month);
        resident(&shared.session, question, who).map(|told| file("text/plain", told)).map_err(|p| words(&p))
    })
    .await
}

async fn scenario(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    once(shared, query, |shared, question, _, _| {
        let named = format!("attachment; filename=\"{}\"", saved::SCENARIO);
        let text = saved::scenario(&shared.session, question).map_err(|p| words(&p))?;
        Ok(([(header::CONTENT_DISPOSITION, named)], file("application/toml", text)))
    })
    .await
}

async fn report(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    paper(shared, query, Paper::Report).await
}

async fn brief(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    paper(shared, query, Paper::Brief).await
}

/// A page of results, under the policy that stands in it.
async fn paper(shared: Shared, query: Option<String>, paper: Paper) -> Response {
    once(shared, query, move |shared, question, _, go_on| {
        let bytes = saved::paper(&shared.session, question, paper, go_on).map_err(|why| vec![why])?;
        let own = [(header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'")];
        Ok((own, file("text/html", bytes)))
    })
    .await
}
