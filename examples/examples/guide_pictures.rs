//! Makes the pictures of the guide in the documentation of `nn`, by the crate's own diagrams and trained models, and
//! those of the README. The chart of speed shows the README's table.
//!
//!     cargo run --release --example guide_pictures
//!
//! Writes to the folder of the guide, or to the folder after `--out`.

use autodiff::prelude::*;
use examples::picture::{Chart, Ink, Mark, Ratios, grid};
use examples::{Arguments, models};
use nn::data::{Digits, Samples};
use nn::{Adam, EncoderDecoder, Init, Mlp, Neuron, Sgd, Trainer, Transfer, TransferFunction, loss, perceptron};
use rand::{SeedableRng, rngs::StdRng};
use std::fs;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let Arguments { quick, out } = Arguments::read();
    let folder = out.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../nn/src/guide/pictures")));
    fs::create_dir_all(&folder)?;
    // A page of rustdoc may be dark, so each picture brings its own background.
    let write = |name: &str, picture: &str| {
        // The page of the tour has a style sheet for strips of images; this one has none.
        let picture = picture.replace("<img ", "<img style=\"display: block; image-rendering: pixelated\" ");
        let lines: Vec<&str> = picture.lines().filter(|line| !line.trim().is_empty()).collect();
        let style =
            "display: inline-block; max-width: 100%; overflow: auto; background: #fff; color: #222; padding: 8px";
        fs::write(
            folder.join(name).with_extension("html"),
            format!("<div style=\"{style}\">\n{}\n</div>\n", lines.join("\n")),
        )
    };
    let readme = include_str!("../../README.md");
    let speed = Ratios::of_markdown(readme, "## How fast").expect("the README has a table of ratios");
    fs::write(folder.join("speed.svg"), speed.draw())?;

    let setting = models::Setting { seed: 0, epochs: quick.then_some(2) };
    let digits = Digits::load();
    write("neuron", &neuron())?;
    write("and", &and())?;
    write("xor", &xor())?;
    write("transfer", &transfer())?;
    write("backpropagation", &backpropagation())?;
    write("vanishing", &vanishing(&digits, if quick { 2 } else { 25 }))?;

    let first = |x: &Tensor<f32>| x.slice(0, 0, 10);
    let trained = models::autoencoder::deep(&digits, setting).model;
    let (clean, rebuilt) = (first(&digits.test.x), first(&trained.forward(&digits.test.x)));
    let label = "test images, and their reconstructions from a code of 8 units";
    write("autoencoder", &grid(&[("image", clean.clone()), ("rebuilt", rebuilt)], Ink::Amount, label))?;

    let gaussian = nn::autoencoder::denoising::Corruption::Gaussian(0.3);
    let trained = models::denoising::train(&digits, gaussian, setting);
    let strips = [("clean", clean), ("noisy", first(&trained.noisy)), ("repaired", first(&trained.denoised))];
    let mut rows: Vec<Tensor<f32>> =
        [&digits.test.x, &trained.noisy, &trained.denoised].map(|x| x.slice(0, 0, COLUMNS)).into();
    write("denoising", &grid(&strips, Ink::Amount, "test images, the same with noise, and repaired"))?;

    let penalty = models::sparse::Penalty::Kl { rho: 0.05, beta: 3.0 };
    let weights = models::sparse::train(&digits, penalty, setting).model.encoder.layers[0].weight.clone();
    let strips = [0, 1, 2, 3].map(|row| ("", weights.slice(0, 12 * row, 12 * (row + 1))));
    write("sparse", &grid(&strips, Ink::Sign, "the weights of 48 units: orange excites, blue inhibits"))?;

    let trained = models::variational::train(&digits, 8, setting).model;
    let samples = trained.generate(24, &mut StdRng::seed_from_u64(5));
    let strips = [0, 1].map(|row| ("", samples.slice(0, 12 * row, 12 * (row + 1))));
    write("variational", &grid(&strips, Ink::Amount, "24 digits that the decoder generated"))?;
    rows.push(trained.generate(COLUMNS, &mut StdRng::seed_from_u64(6)));
    fs::write(folder.join("digits.png"), digits_png(&rows))
}

/// The digits in a row of the README's picture.
const COLUMNS: usize = 16;

/// Rows of 8×8 images, dark on white, as a PNG file.
fn digits_png(rows: &[Tensor<f32>]) -> Vec<u8> {
    const SCALE: usize = 5; // the side of a pixel of an image
    const PITCH: usize = 9; // the side of an image with its margin
    let [width, height] = [COLUMNS * PITCH * SCALE, rows.len() * PITCH * SCALE];
    let shade = |place: usize| {
        let [x, y] = [place % width / SCALE, place / width / SCALE];
        let (pixel, image) = ([x % PITCH, y % PITCH], [x / PITCH, y / PITCH]);
        let ink = match pixel {
            [0..8, 0..8] => rows[image[1]][[image[0], 8 * pixel[1] + pixel[0]]].clamp(0.0, 1.0),
            _ => 0.0,
        };
        (255.0 * (1.0 - ink)).round() as u8
    };
    let pixels: Vec<u8> = (0..width * height).map(shade).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let writer = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    writer.expect("a Vec takes any image");
    file
}

fn neuron() -> String {
    let weights = Tensor::from([1.0, -2.0]);
    Neuron { weights, bias: Tensor::scalar(-0.5), transfer: Transfer::Step(0.0) }.diagram()
}

fn corners() -> Tensor<f64> {
    Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
}

fn and() -> String {
    let (x, labels) = (corners(), Tensor::from([0, 0, 0, 1]));
    let neuron = perceptron::train(&x, &labels, 100).neuron;
    nn::decision_regions(&x, &labels, |x| neuron.forward(x).map(|&y| y as usize))
}

fn xor() -> String {
    let (x, labels) = (corners(), Tensor::from([0, 1, 1, 0]));
    let target = labels.map(|&label| label as f64).unsqueeze(1);
    let mlp = Mlp::new(&[2, 4, 1], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(mlp, Adam::new(0.05));
    for _ in 0..300 {
        let step = trainer.step(&x, &mut (), |_, mlp, x, _| loss::binary_cross_entropy(&mlp.forward(x), &target));
        step.expect("the loss is finite");
    }
    nn::decision_regions(&x, &labels, |x| trainer.model.forward(x).index_axis(1, 0).map(|&y| usize::from(y > 0.0)))
}

fn transfer() -> String {
    let u = Tensor::<f64>::linspace(-5.0, 5.0, 201);
    let functions = [("sigmoid", Transfer::Sigmoid), ("tanh", Transfer::Tanh), ("ReLU", Transfer::Relu)];
    let points = |y: Tensor<f64>| u.to_vec().into_iter().zip(y.to_vec()).map(|(u, y)| [u, y]).collect::<Vec<_>>();
    let mut values = Chart::new("u", "φ(u)");
    let mut slopes = Chart::new("u", "φ′(u)");
    for (name, transfer) in functions {
        let up_to_2 = points(transfer.apply(&u)).into_iter().filter(|[_, y]| *y <= 2.0);
        values = values.with(name, Mark::Line, up_to_2);
        slopes = slopes.with(name, Mark::Line, points(transfer.derivative(&u)));
    }
    values.draw() + "\n" + &slopes.draw()
}

/// The network of the guide's page on backpropagation.
fn backpropagation() -> String {
    let tape = Tape::new();
    let (x, y) = (tape.constant(Tensor::from([1.0, 2.0])).named("x"), tape.constant(Tensor::from([1.0])).named("y"));
    let w1 = tape.variable(Tensor::from([[0.5, -0.5], [1.0, 0.25]])).named("W¹");
    let b1 = tape.variable(Tensor::from([0.1, -0.5])).named("b¹");
    let w2 = tape.variable(Tensor::from([[1.0, -1.5]])).named("W²");
    let b2 = tape.variable(Tensor::from([0.2])).named("b²");
    let z1 = (w1.matmul(x) + b1).named("z¹");
    let a1 = z1.sigmoid().named("a¹");
    let z2 = (w2.matmul(a1) + b2).named("z²");
    let a2 = z2.sigmoid().named("a²");
    let cost = (a2 - y).square().sum().named("C");
    tape.drawing().of(&[cost]).values().gradients(cost).to_svg()
}

/// The loss of deep networks with two transfer functions, by epoch.
fn vanishing(digits: &Digits<f32>, epochs: usize) -> String {
    let losses = |transfer, init| -> Vec<f64> {
        let rng = &mut StdRng::seed_from_u64(0);
        let mlp = Mlp::new(&[64, 32, 32, 32, 32, 32, 32, 10], transfer, init, rng);
        let mut trainer = Trainer::new(mlp, Sgd::new(0.1));
        let loss = trainer.loss(|_, mlp: Mlp<Var<'_, Tensor<f32>>>, batch: &Samples<f32>, _: &mut StdRng| {
            loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
        });
        let mut losses = Vec::new();
        for _ in 0..epochs {
            losses.push(trainer.epoch(&digits.train, 32, rng, loss).expect("the loss is finite").total);
        }
        losses
    };
    let chart = Chart::new("epoch", "training cost").log();
    let chart = chart.curve("sigmoid", &losses(Transfer::Sigmoid, Init::GlorotNormal));
    chart.curve("ReLU", &losses(Transfer::Relu, Init::HeNormal)).draw()
}
