//! The tables and the picture.

use super::measure::{BATCHES, KINDS, Kind, NETWORKS};
use super::model::{Connection, Figure, Network};
use examples::picture::{Chart, Mark};
use std::error::Error;
use std::path::Path;

/// The latency of a fast network, which the model of many ranks assumes.
const LATENCY: f64 = 2e-6;

/// Prints the tables of a file, and draws the picture.
pub fn show(file: &Path, picture: &Path) -> Result<(), Box<dyn Error>> {
    let figures = read(file)?;
    let time = |kind: Kind, network: &str, batch: usize| {
        let found = figures.iter().find(|x| x.kind == kind && x.network == network && x.batch == batch);
        found.map(|figure| figure.time).ok_or_else(|| format!("{} lacks {kind:?} {network} {batch}", file.display()))
    };
    let memory = Connection::of(&figures).ok_or("there are no sums")?;
    let Connection { latency, bandwidth } = memory;
    println!("Two ranks in one memory: latency {:.2} µs, bandwidth {:.1} GB/s.\n", latency * 1e6, bandwidth * 1e-9);
    println!("| network | batch | 1 rank | 2 ranks | efficiency | apart | model | twice the batch | efficiency |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    let (mut curves, mut measured) = (Vec::new(), Vec::new());
    for (layers, words) in NETWORKS.into_iter().zip(["small", "middle", "large"]) {
        let name = layers.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        let alone = figures.iter().filter(|x| x.kind == Kind::Alone && x.network == name);
        let alone: Vec<_> = alone.map(|x| (x.batch, x.time)).collect();
        let here = Network::of(layers, &alone, memory);
        for batch in BATCHES {
            let one = time(Kind::Alone, &name, batch)?;
            let (two, apart) = (time(Kind::Together, &name, batch)?, time(Kind::Apart, &name, batch / 2)?);
            let twice = time(Kind::Together, &name, 2 * batch)?;
            println!(
                "| {name} | {batch} | {} | {} | {:.2} | {:.2} | {} | {} | {:.2} |",
                text(one),
                text(two),
                one / two / 2.0,
                one / apart / 2.0,
                text(here.time(2.0, batch as f64)),
                text(twice),
                one / twice,
            );
            if batch == 4096 {
                measured.push([2.0, one / two]);
            }
        }
        let cluster = Network::of(layers, &alone, Connection { latency: LATENCY, ..memory });
        let mut curve = |name: &str, speedup: fn(&Network, f64) -> f64| {
            curves.push((format!("{words}, {name}"), move |ranks| speedup(&cluster, ranks)));
        };
        curve("4,096 in all", |network, ranks| network.strong(ranks, 4096.0));
        if words == "large" {
            // Gradients of several batches that are added before a sum cost as much as one of their size.
            curve("128 a rank", |network, ranks| network.weak(ranks, 128.0));
            curve("8 × 128 a rank", |network, ranks| network.weak(ranks, 8.0 * 128.0));
        }
    }
    println!("\n| efficiency by the model | 2 ranks | 8 | 64 | 1,024 |\n|---|---:|---:|---:|---:|");
    let mut chart = Chart::new("ranks", "speed-up").log_log();
    chart = chart.with("as many as ranks", Mark::Guide, [[1.0, 1.0], [1024.0, 1024.0]]);
    for (name, speedup) in &curves {
        let [a, b, c, d] = [2.0, 8.0, 64.0, 1024.0].map(|ranks| speedup(ranks) / ranks);
        println!("| {name} | {a:.2} | {b:.2} | {c:.2} | {d:.2} |");
        chart = chart.with(name, Mark::Line, ranks().map(|ranks| [ranks, speedup(ranks)]));
    }
    Ok(std::fs::write(picture, chart.with("measured", Mark::Disc, measured).draw())?)
}

/// The powers of two up to 1,024.
fn ranks() -> impl Iterator<Item = f64> {
    (0..=10).map(|power| 2f64.powi(power))
}

fn text(seconds: f64) -> String {
    match seconds * 1e6 {
        time if time < 1000.0 => format!("{time:.0} µs"),
        time => format!("{:.2} ms", time * 1e-3),
    }
}

fn read(file: &Path) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut figures = Vec::new();
    for row in csv::Reader::from_path(file)?.records() {
        let row = row?;
        let kind = KINDS.iter().find(|(name, _)| *name == &row[0]).ok_or_else(|| format!("no kind {}", &row[0]))?.1;
        figures.push(Figure {
            kind,
            network: row[1].into(),
            batch: row[2].parse()?,
            time: row[3].parse::<f64>()? * 1e-6,
        });
    }
    Ok(figures)
}
