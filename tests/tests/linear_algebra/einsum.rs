//! Sums of products in numpy's notation, beside their definition.

use autodiff::prelude::*;
use tests::domain::rng;

/// The sum of products by its definition: a loop over all values of all labels.
fn by_definition(subscripts: &str, x: &[&Tensor<f64>]) -> Tensor<f64> {
    let (operands, result) = subscripts.split_once("->").expect("an arrow");
    let operands: Vec<&str> = operands.split(',').collect();
    let mut labels: Vec<char> = result.chars().collect();
    for label in operands.concat().chars() {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let size = |label: &char| {
        let of = |(labels, x): (&&str, &&Tensor<f64>)| Some(x.shape()[labels.find(*label)?]);
        operands.iter().zip(x).find_map(of).expect("a label of an operand")
    };
    let sizes: Vec<usize> = labels.iter().map(size).collect();
    let products = Tensor::from_fn(&sizes[..], |at| {
        let place = |label: char| at[labels.iter().position(|other| *other == label).expect("a label")];
        let element = |(labels, x): (&&str, &&Tensor<f64>)| x[&labels.chars().map(place).collect::<Vec<_>>()[..]];
        operands.iter().zip(x).map(element).product::<f64>()
    });
    (result.len()..labels.len()).fold(products, |sum, _| sum.sum_axis(-1))
}

fn random(shape: &[usize], seed: u64) -> Tensor<f64> {
    Tensor::uniform(shape, -1.0, 1.0, &mut rng(seed))
}

#[test]
fn einsum_agrees_with_its_definition() {
    let sizes = |label: char| 2 + (label as usize - 'a' as usize) % 3;
    let cases = [
        "->",
        ",->",
        "a->a",
        "ab->ba",
        "ab->a",
        "ab->b",
        "ab->",
        "aa->a",
        "aa->",
        "aab->b",
        "aba->b",
        "abab->ab",
        "aaa->a",
        "a,a->",
        "a,a->a",
        "a,b->ab",
        "a,b->ba",
        ",a->a",
        "ab,b->a",
        "ab,bc->ac",
        "ab,bc->ca",
        "ab,cb->ac",
        "ab,ab->",
        "ab,ab->ab",
        "ab,ab->a",
        "ab,ab->ba",
        "cab,cbd->cad",
        "cab,bcd->dac",
        "abc,cd,b->ad",
        "ab,bc,cd,de->ae",
        "ab,bc,cd->abcd",
        "ab,cd->",
        "aab,bc->ac",
        "abc,abd,acd->a",
        "abcd,bd->ca",
        "a,a,a->a",
        "ab,ac,ad->bcd",
    ];
    for subscripts in cases {
        let operands = subscripts.split("->").next().expect("operands").split(',');
        let shapes = operands.map(|labels| labels.chars().map(sizes).collect::<Vec<_>>());
        let x: Vec<Tensor<f64>> = shapes.zip(0..).map(|(shape, seed)| random(&shape, seed)).collect();
        let x: Vec<&Tensor<f64>> = x.iter().collect();
        let (found, expected) = (Tensor::einsum(subscripts, &x), by_definition(subscripts, &x));
        assert_eq!(found.shape(), expected.shape(), "{subscripts}");
        assert_close(&found, &expected, 1e-14);
    }
}

#[test]
fn result_without_an_arrow_has_the_labels_that_occur_once_in_alphabetical_order() {
    let (x, y) = (random(&[2, 3], 1), random(&[3, 4], 2));
    assert_eq!(Tensor::einsum("ij,jk", &[&x, &y]), x.matmul(&y));
    assert_eq!(Tensor::einsum("ba", &[&x]), x.t());
    assert_eq!(Tensor::einsum("c b, a c", &[&y, &x.slice(1, 0, 3)]).shape().to_string(), "[2, 4]");
}

#[test]
fn numbers_are_multiplied() {
    assert_eq!(f64::einsum(",,->", &[&2.0, &3.0, &4.0]), 24.0);
    assert_eq!(grad(&3.0, |x| Var::einsum(",", &[&x, &x])), 6.0);
}

/// A chain of products whose order matters: from the left it takes 10⁶ multiplications, from the right 2·10⁴.
#[test]
fn several_operands_are_contracted_in_a_good_order() {
    let (x, v) = (random(&[100, 100], 1), random(&[100], 2));
    let tape = Tape::new();
    let (x, v) = (tape.variable(x), tape.variable(v));
    Var::einsum("ij,jk,k->i", &[&x, &x, &v]);
    let text = tape.to_string();
    let is_large = |line: &&str| line.ends_with("[100, 100]") && !line.contains("variable");
    assert_eq!(text.lines().filter(is_large).count(), 0, "{text}");
}

#[test]
fn errors_name_the_label_and_the_shapes() {
    let (x, y) = (random(&[2, 3], 1), random(&[4, 2], 2));
    let text = |subscripts: &str| Tensor::try_einsum(subscripts, &[&x, &y]).unwrap_err().to_string();
    assert_eq!(text("ij,jk->ik"), "einsum \"ij,jk->ik\": [2, 3] × [4, 2]: the label 'j' has the sizes 3 and 4");
    assert_eq!(text("ij->i"), "einsum \"ij->i\": [2, 3] × [4, 2]: the subscripts name 1 operands, not 2");
    assert_eq!(text("i,jk"), "einsum \"i,jk\": [2, 3] × [4, 2]: operand 0 has 1 labels and 2 axes");
    assert_eq!(
        text("ij,kl->m"),
        "einsum \"ij,kl->m\": [2, 3] × [4, 2]: the label 'm' of the result is that of no operand"
    );
    assert_eq!(text("ij,kl->ii"), "einsum \"ij,kl->ii\": [2, 3] × [4, 2]: the result has the label 'i' twice");
    assert_eq!(text("i1,kl"), "einsum \"i1,kl\": [2, 3] × [4, 2]: '1' is no label, which is a letter");
}
