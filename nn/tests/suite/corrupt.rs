//! Damaged files.

use proptest::prelude::*;
use proptest::sample::Index;

/// A kind of damage to the bytes of a file.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    /// Replaces bytes by others; numbers that are extreme in some format are more likely.
    Overwrite(Index, Vec<u8>),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let bytes = || {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 1..9),
            prop_oneof![Just(0xff), Just(0x7f), Just(0), Just(b'9')].prop_flat_map(|byte| {
                prop_oneof![Just(1usize), Just(4), Just(8), Just(16)].prop_map(move |n| vec![byte; n])
            }),
        ]
    };
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), bytes()).prop_map(|(at, bytes)| Damage::Overwrite(at, bytes)),
        (at(), 0u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (at(), bytes()).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (at(), 1usize..20).prop_map(|(at, n)| Damage::Remove(at, n)),
        (at(), 1usize..20).prop_map(|(at, n)| Damage::Repeat(at, n)),
    ]
}

impl Damage {
    fn apply(self, bytes: &mut Vec<u8>) {
        let n = bytes.len();
        let place = |at: Index| at.index(n + 1);
        match self {
            Damage::Cut(at) => bytes.truncate(place(at)),
            Damage::Overwrite(at, new) => {
                let start = place(at);
                bytes.splice(start..(start + new.len()).min(n), new);
            }
            Damage::Flip(at, bit) if n > 0 => bytes[at.index(n)] ^= 1 << bit,
            Damage::Flip(..) => {}
            Damage::Insert(at, new) => drop(bytes.splice(place(at)..place(at), new)),
            Damage::Remove(at, count) => drop(bytes.drain(place(at)..(place(at) + count).min(n))),
            Damage::Repeat(at, count) => {
                let part = bytes[place(at)..(place(at) + count).min(n)].to_vec();
                bytes.splice(place(at)..place(at), part);
            }
        }
    }
}

/// A file with up to four damages.
pub(crate) fn corrupted(whole: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (whole, proptest::collection::vec(damage(), 0..5)).prop_map(|(mut bytes, damages)| {
        damages.into_iter().for_each(|damage| damage.apply(&mut bytes));
        bytes
    })
}

#[cfg(feature = "gz")]
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}
