//! Diagrams are well-formed SVG, and show what they should.

use crate::own_transfer::GrowingCosine;
use autodiff::prelude::*;
use nn::{Autoencoder, Init, Mlp, Neuron, Transfer, TransferFunction, decision_regions};
use rand::{SeedableRng, rngs::StdRng};

type T = Tensor<f64>;

fn mlp(sizes: &[usize]) -> Mlp<T> {
    Mlp::new(sizes, Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0))
}

/// The elements of a picture as (name, attributes), checked to be well-formed.
fn elements(svg: &str) -> Vec<(String, String)> {
    let (mut open, mut elements) = (Vec::new(), Vec::new());
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        let escaped = |rest: &str| ["lt;", "gt;", "amp;", "quot;", "apos;"].iter().any(|name| rest.starts_with(name));
        assert!(text.split('&').skip(1).all(escaped), "{text}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name.to_owned())),
            None => {
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                assert!(attributes.matches('\'').count() % 2 == 0, "{attributes}");
                assert!(!attributes.contains("NaN") && !attributes.contains("inf"), "{attributes}");
                if !tag.ends_with('/') {
                    open.push(name.to_owned());
                }
                elements.push((name.to_owned(), attributes.to_owned()));
            }
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    elements
}

fn count(svg: &str, name: &str, attribute: &str) -> usize {
    elements(svg).iter().filter(|(n, attributes)| n == name && attributes.contains(attribute)).count()
}

const POSITIVE: &str = "#c2571a";
const NEGATIVE: &str = "#2566ad";

#[test]
fn network_has_a_circle_for_each_unit_and_a_line_for_each_weight() {
    let mut mlp = mlp(&[2, 3, 1]);
    let weight = T::from([[1.0, -2.0], [-0.25, 0.5], [3.0, 4.0]]);
    mlp.layers[0].weight = weight;
    mlp.layers[1].weight = T::from([[-1.0, -2.0, 3.0]]);
    let svg = mlp.diagram();
    assert_eq!(count(&svg, "circle", "r='15'"), 2 + 3 + 1);
    // The legend has a line of each colour.
    assert_eq!((count(&svg, "line", POSITIVE), count(&svg, "line", NEGATIVE)), (4 + 1 + 1, 2 + 2 + 1));
    for text in
        ["w¹₂,₁ = −0.25", "w²₁,₃ = 3", ">x<", ">a¹<", ">a² = g(x)<", "f¹ = Tanh", "f² = Linear", "2 inputs", "1 unit<"]
    {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn large_layers_show_the_first_units_and_the_last() {
    let svg = mlp(&[64, 8, 9]).diagram();
    assert_eq!(count(&svg, "circle", "r='15'"), 7 + 8 + 7);
    assert_eq!(count(&svg, "circle", "r='2'"), 3 + 3);
    for text in ["64 inputs", "8 units", "9 units", "w¹₈,₆₄ = ", "w²₉,₁ = "] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains("w¹₁,₇ = "));
}

#[test]
fn autoencoder_shows_the_code_between_its_parts() {
    let rng = &mut StdRng::seed_from_u64(0);
    let svg = Autoencoder::<T>::new(&[6, 4, 2], Transfer::Sigmoid, Init::GlorotUniform, rng).diagram();
    assert_eq!(count(&svg, "circle", "r='15'"), 6 + 4 + 2 + 4 + 6);
    for text in [">encoder φ<", ">decoder ψ<", ">x<", ">h<", ">x′<", "f¹ = Sigmoid"] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn neuron_shows_inputs_weights_sum_and_function() {
    let neuron = Neuron { weights: T::from([1.5, -0.5]), bias: T::scalar(-3.0), transfer: GrowingCosine };
    let svg = neuron.diagram();
    assert_eq!(count(&svg, "circle", "r='20'"), 3);
    assert_eq!((count(&svg, "line", POSITIVE), count(&svg, "line", NEGATIVE)), (1, 2));
    for text in ["+1", "x₁", "x₂", "b = w₀ = −3", "w₁ = 1.5", "w₂ = −0.5", ">Σ<", "φ = GrowingCosine", ">y<"]
    {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(count(&svg, "polyline", POSITIVE), 1);
    let many = Neuron { weights: T::ones([30]), bias: T::scalar(0.0), transfer: Transfer::Step(0.0) }.diagram();
    assert_eq!(count(&many, "circle", "r='20'"), 1 + 7);
    assert!(many.contains("w₃₀ = 1") && many.contains("⋮"));
}

/// A function with markup in its name, and poles.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "read by Debug")]
struct Odd(&'static str);

impl TransferFunction for Odd {
    fn apply<V: Value>(&self, u: &V) -> V {
        u.recip()
    }
}

#[test]
fn diagrams_are_well_formed_for_any_numbers_and_names() {
    for w in [0.0, f64::NAN, f64::INFINITY, -1e300, 5e-324] {
        let neuron = Neuron { weights: T::from([w, 1.0]), bias: T::scalar(w), transfer: Odd("<i>'\"&") };
        elements(&neuron.diagram());
        elements(&Neuron { weights: T::zeros([0]), ..neuron }.diagram());
        let rng = &mut StdRng::seed_from_u64(0);
        let functions = [Odd("</svg>"), Odd("a name much longer than a column, with & in the middle")];
        let mut mlp = Mlp::with_transfers(&[2, 3, 1], &functions, Init::Constant(w), rng);
        elements(&mlp.diagram());
        mlp.layers[0].weight = T::from([[w, 1.0], [2.0, -1.0], [w, w]]);
        let svg = mlp.diagram();
        elements(&svg);
        assert!(svg.contains("stroke-width='3.00'"), "the largest finite weight of a layer has the strongest line");
    }
    let mut without_inputs = mlp(&[1, 2, 1]);
    without_inputs.layers[0].weight = T::zeros([2, 0]);
    elements(&without_inputs.diagram());
}

/// The path of the region in a colour.
fn region(svg: &str, colour: &str) -> String {
    let of_colour = |attributes: &String| attributes.contains(&format!("fill='{colour}' shape-rendering"));
    let mut elements = elements(svg).into_iter();
    elements.find(|(name, attributes)| name == "path" && of_colour(attributes)).expect("a region in this colour").1
}

#[test]
fn decision_regions_are_those_of_the_classifier() {
    let x = T::from([[0.0, 0.0], [4.0, 2.0]]);
    let mut seen = None;
    let svg = decision_regions(&x, &Tensor::from([0, 2]), |x| {
        seen = Some(x.clone());
        x.index_axis(1, 0).map(|&x| usize::from(x > 2.0))
    });
    // A quarter of the range is added on both sides.
    let seen = seen.unwrap();
    let ends = |k| [seen.index_axis(1, k).min().item(), seen.index_axis(1, k).max().item()];
    let half = |range: f64| range / 180.0 / 2.0;
    assert!((ends(0)[0] - (half(6.0) - 1.0)).abs() < 1e-12 && (ends(0)[1] - (5.0 - half(6.0))).abs() < 1e-12);
    assert!((ends(1)[0] - (half(3.0) - 0.5)).abs() < 1e-12 && (ends(1)[1] - (2.5 - half(3.0))).abs() < 1e-12);
    // The left half of the plane is class 0, the right half class 1: two rectangles a row.
    let halves = |left: u32, colour: &str| {
        let region = region(&svg, colour);
        (0..180).filter(|row| region.contains(&format!("M{left} {}h180v2h-180z", 30 + 2 * row))).count()
    };
    assert_eq!((halves(64, "#d3e3f5"), halves(244, "#fbe0cf"), count(&svg, "path", "crispEdges")), (180, 180, 2));
    // The samples: bottom left and top right, in the colours of their labels.
    assert_eq!(count(&svg, "circle", "cx='124.0' cy='330.0' r='6' fill='#2566ad'"), 1);
    assert_eq!(count(&svg, "circle", "cx='364.0' cy='90.0' r='6' fill='#2f7d46'"), 1);
    for text in [">class 0<", ">class 1<", ">class 2<", ">x₁<", ">x₂<", ">−1.00<", ">5.00<"] {
        assert!(svg.contains(text), "{text}");
    }
}

/// All samples at one place, in the second row of the plane from the bottom up.
#[test]
fn decision_regions_of_one_place_have_a_range() {
    let svg = decision_regions(&Tensor::<f32>::ones([3, 2]), &Tensor::from([0, 1, 0]), |x| {
        Tensor::from_vec([x.shape()[0]], vec![0; x.shape()[0]])
    });
    assert_eq!((count(&svg, "path", "crispEdges"), count(&svg, "circle", "r='6'")), (1, 3));
    assert_eq!(region(&svg, "#d3e3f5").matches("h360v2h-360z").count(), 180);
    assert!(svg.contains(">0.00<") && svg.contains(">2.00<"));
}
