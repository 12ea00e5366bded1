//! The state of a replicate, or of a city at rest, as bytes, from which it goes on as if it had never stopped.
//!
//! Written is what changes in the course of months: residents, what institutions keep and, of a replicate, what is
//! recorded so far. The city itself is built again from its seed, so households, ties and compounds need no
//! room. Values are written by postcard, each with its length before it, one community after another, so that
//! a large city needs no second copy of itself.

use std::io::{self, Read, Write};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::month::schedule;
use super::run::Simulation;
use crate::city::{Community, Residents};
use crate::institution::cost::{Cost, Ledger};
use crate::institution::{CityState, CommunityState, Local, Signals, custom};
use crate::metric;
use crate::simulation::ReplicateOutput;

/// Communities whose bytes are in memory at the same time.
const TOGETHER: usize = 64;

/// What stands for everything that a checkpoint holds: metrics, what is told of residents, processes, and the size of
/// what is kept.
pub fn layout() -> Vec<String> {
    let sizes = [
        size_of::<Local>(),
        size_of::<CityState>(),
        size_of::<Signals>(),
        Residents::BYTES,
        size_of::<Cost>(),
    ];
    let processes = schedule();
    let named = processes.iter().flat_map(|process| [process.who, process.what]);
    let named = metric::all().iter().map(|metric| metric.name).chain(named);
    let named = named.chain(metric::details().iter().map(|detail| detail.name.as_str())).map(String::from);
    let custom = custom::all().iter().map(|custom| format!("{:?}", custom.sizes()));
    named.chain([format!("{sizes:?}")]).chain(custom).collect()
}

impl Simulation<'_> {
    /// Writes the replicate so far, with what is recorded of it.
    ///
    /// # Errors
    /// An I/O error if a file cannot be written.
    pub fn save(&self, output: &ReplicateOutput, to: &mut impl Write) -> io::Result<()> {
        put(to, &output.to_bytes()?)?;
        write_city(&self.citywide, &self.communities, to)
    }

    /// Takes up a replicate that was saved after `month` months of the same scenario; returns what is recorded
    /// of it.
    ///
    /// # Errors
    /// An I/O error if the bytes cannot be read or are not of this replicate.
    pub fn restore(&mut self, month: u32, mut from: impl Read) -> io::Result<ReplicateOutput> {
        let output = ReplicateOutput::from_bytes(&take(&mut from)?)?;
        read_city(&mut self.citywide, &mut self.communities, &mut from)?;
        self.go_to(month);
        Ok(output)
    }
}

/// Writes what changes in a city.
///
/// # Errors
/// An I/O error if a file cannot be written.
pub(super) fn write_city(
    citywide: &CityState,
    communities: &[CommunityState],
    to: &mut impl Write,
) -> io::Result<()> {
    put(to, &encode(citywide)?)?;
    for communities in communities.chunks(TOGETHER) {
        let bytes: Vec<_> = communities.par_iter().map(encode_community).collect::<io::Result<_>>()?;
        bytes.iter().try_for_each(|bytes| put(to, bytes))?;
    }
    Ok(())
}

/// Puts what was written of the same city in the place of what there is.
///
/// # Errors
/// An I/O error if the bytes cannot be read or are not of this city, which then is no more than a part of either.
pub(super) fn read_city(
    citywide: &mut CityState,
    communities: &mut [CommunityState],
    from: &mut impl Read,
) -> io::Result<()> {
    *citywide = decode(&take(from)?)?;
    for communities in communities.chunks_mut(TOGETHER) {
        let bytes: Vec<_> = communities.iter().map(|_| take(from)).collect::<io::Result<_>>()?;
        communities
            .par_iter_mut()
            .zip(bytes)
            .try_for_each(|(state, bytes)| decode_community(state, &bytes))?;
    }
    Ok(())
}

/// What changes in a community.
fn encode_community(
    CommunityState { community, local, signals, ledger }: &CommunityState,
) -> io::Result<Vec<u8>> {
    // Named one by one, so that a new field asks to be thought of here.
    let Community {
        residents,
        id: _,
        kind: _,
        street: _,
        district: _,
        households: _,
        compounds: _,
        households_per_group: _,
        ties: _,
        tables: _,
        given: _,
    } = community;
    encode(&(residents, local, signals, ledger))
}

fn decode_community(state: &mut CommunityState, bytes: &[u8]) -> io::Result<()> {
    let (mut residents, local, signals, ledger): (Residents, Local, Signals, Ledger) = decode(bytes)?;
    if residents.len() != state.community.residents.len() {
        return Err(io::Error::other("another number of residents"));
    }
    residents.compound = state.community.residents.compound.clone();
    state.community.residents = residents;
    (state.local, state.signals, state.ledger) = (local, signals, ledger);
    Ok(())
}

fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

fn put(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)
}

fn take(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    // Read as far as there is anything, whatever the length says.
    match from.take(length).read_to_end(&mut bytes)? as u64 == length {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
