//! A page on this machine alone: what it loads, what it may ask, and streams of answers.

mod guard;
mod page;
mod routes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::session::Session;
use guard::Guard;

/// Connections at a time; a browser keeps six for a page.
const CONNECTIONS: usize = 64;

/// Questions that are worked on at a time; more are refused.
const QUESTIONS: usize = 12;

/// How often it is asked whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// What all requests share.
#[derive(Clone)]
struct Shared {
    session: Arc<Session>,
    guard: Guard,
    questions: Arc<Semaphore>,
    /// True once everything that runs is to end.
    closing: Arc<AtomicBool>,
}

/// Serves pages of `session` on the loopback address until `stop` says so. `ready` is told the address that lets a
/// browser in.
///
/// # Errors
/// That there is no such port, or no random numbers.
pub fn serve(
    session: Session,
    port: u16,
    stop: impl Fn() -> bool + Send + 'static,
    ready: impl FnOnce(&str),
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let guard = Guard::new(listener.local_addr()?.port()).map_err(io::Error::other)?;
        ready(&guard.address());
        let closing = Arc::new(AtomicBool::new(false));
        let shared = Shared {
            session: Arc::new(session),
            guard,
            questions: Arc::new(Semaphore::new(QUESTIONS)),
            closing: closing.clone(),
        };
        let router: Router = routes::router(shared);
        let server = axum::serve(Few::new(listener), router).into_future();
        tokio::select! {
            ended = server => ended,
            () = asked(stop) => Ok(()),
        }?;
        closing.store(true, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    })
}

async fn asked(stop: impl Fn() -> bool) {
    while !stop() {
        tokio::time::sleep(LOOK).await;
    }
}

/// A listener that takes a few connections at a time; others wait.
struct Few {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Few {
    fn new(listener: TcpListener) -> Few {
        Few { listener, room: Arc::new(Semaphore::new(CONNECTIONS)) }
    }
}

/// A connection that makes room when it ends.
struct Connection {
    stream: TcpStream,
    _room: Option<OwnedSemaphorePermit>,
}

impl Listener for Few {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // Nobody closes the semaphore.
        let room = self.room.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection { stream, _room: room }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, to)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
