//! Tensors and shapes in the formats of `serde`.

use autodiff::prelude::*;
use rand::{Rng, SeedableRng};
use serde::de::DeserializeOwned;
use serde_json::{from_str, json, to_string};

fn message<T>(text: &str) -> String
where
    Tensor<T>: DeserializeOwned,
{
    match from_str::<Tensor<T>>(text) {
        Ok(_) => panic!("{text} is read"),
        Err(error) => error.to_string(),
    }
}

fn bits(x: &Tensor<f64>) -> Vec<u64> {
    x.iter().map(f64::to_bits).collect()
}

#[test]
fn tensor_is_written_as_shape_and_elements_in_row_major_order() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(to_string(&x.t()).unwrap(), r#"{"shape":[3,2],"data":[1.0,4.0,2.0,5.0,3.0,6.0]}"#);
    assert_eq!(to_string(&Tensor::<f32>::full([2, 2], 0.1)).unwrap(), r#"{"shape":[2,2],"data":[0.1,0.1,0.1,0.1]}"#);
    assert_eq!(to_string(&Tensor::scalar(7usize)).unwrap(), r#"{"shape":[],"data":[7]}"#);
    assert_eq!(to_string(&Tensor::<f64>::zeros([0, 3])).unwrap(), r#"{"shape":[0,3],"data":[]}"#);
    assert_eq!(to_string(&Shape::from([5, 4])).unwrap(), "[5,4]");
    assert_eq!(from_str::<Shape>("[5, 4]").unwrap(), Shape::from([5, 4]));
}

#[test]
fn finite_numbers_are_read_back_bit_for_bit() {
    let rng = &mut rand::rngs::StdRng::seed_from_u64(0);
    let extremes = [0.0, -0.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 1.0 / 3.0, 1e16, -9007199254740993.0];
    let random = (0..2000).map(|_| f64::from_bits(rng.next_u64())).filter(|x| x.is_finite());
    let x = Tensor::from(extremes.into_iter().chain(random).collect::<Vec<_>>());
    let read: Tensor<f64> = from_str(&to_string(&x).unwrap()).unwrap();
    assert_eq!((read.shape(), bits(&read)), (x.shape(), bits(&x)));
    assert_eq!(serde_json::from_value::<Tensor<f64>>(json!(x)).unwrap(), x);
    let extremes = [
        0.0,
        -0.0,
        1e-45,
        f32::MIN_POSITIVE,
        f32::MAX,
        f32::MIN,
        1.0 / 3.0,
        0.1,
        16777216.0,
        7.038531e-26,
        -7.038531e-26,
    ];
    let random = (0..2000).map(|_| f32::from_bits(rng.next_u32())).filter(|x| x.is_finite());
    let x = Tensor::from(extremes.into_iter().chain(random).collect::<Vec<_>>());
    let read: Tensor<f32> = from_str(&to_string(&x).unwrap()).unwrap();
    assert!(x.iter().zip(read.iter()).all(|(x, y)| x.to_bits() == y.to_bits()));
}

#[test]
fn binary_formats_hold_every_bit() {
    let nan = [0x7ff8_0000_0000_0001, 0xfff0_0000_0000_0001].map(f64::from_bits);
    let x = Tensor::from([[f64::NAN, f64::INFINITY, -0.0], [f64::NEG_INFINITY, nan[0], nan[1]]]);
    let bytes = postcard::to_allocvec(&x).unwrap();
    assert_eq!(bytes.len(), 3 + 1 + 6 * 8, "the rank, two sizes, the number of elements, and the elements");
    let read: Tensor<f64> = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((read.shape(), bits(&read)), (x.shape(), bits(&x)));
    let single = Tensor::from([7.038531e-26f32, f32::INFINITY, 0.1]);
    assert_eq!(postcard::from_bytes::<Tensor<f32>>(&postcard::to_allocvec(&single).unwrap()).unwrap(), single);
    let labels = Tensor::from([3usize, 0, 300]);
    assert_eq!(postcard::from_bytes::<Tensor<usize>>(&postcard::to_allocvec(&labels).unwrap()).unwrap(), labels);
    for n in 0..bytes.len() {
        assert!(postcard::from_bytes::<Tensor<f64>>(&bytes[..n]).is_err(), "{n} of {} bytes are read", bytes.len());
    }
}

#[test]
fn nan_and_infinity_are_strings_in_texts() {
    let x = Tensor::from([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -f64::NAN]);
    let text = to_string(&x).unwrap();
    assert_eq!(text, r#"{"shape":[4],"data":["NaN","Infinity","-Infinity","NaN"]}"#);
    let read: Tensor<f64> = from_str(&text).unwrap();
    assert!(read[[0]].is_nan() && read[[3]].is_nan());
    assert_eq!(read.slice(0, 1, 3).to_vec(), [f64::INFINITY, f64::NEG_INFINITY]);
}

#[test]
fn whole_numbers_are_read_as_numbers_in_any_order_of_the_fields() {
    let x: Tensor<f32> = from_str(r#"{"data": [1, -2, 3.5, 18446744073709551615], "shape": [2, 2]}"#).unwrap();
    assert_eq!(x, Tensor::from([[1.0f32, -2.0], [3.5, 18446744073709551615.0]]));
}

#[test]
fn data_that_are_no_tensor_are_refused_in_words() {
    let refused = |text: &str, expected: &str| {
        let found = message::<f32>(text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    refused(r#"{"shape":[2,3],"data":[1,2,3,4,5]}"#, "Tensor: shape [2, 3] needs 6 elements, but there are 5");
    refused(r#"{"shape":[],"data":[]}"#, "Tensor: shape [] needs 1 elements, but there are 0");
    refused(r#"{"shape":[0],"data":[1]}"#, "Tensor: shape [0] needs 0 elements, but there are 1");
    refused(
        r#"{"shape":[18446744073709551615, 2],"data":[1]}"#,
        "Tensor: shape [18446744073709551615, 2]: the number of elements overflows",
    );
    refused(r#"{"shape":[1000000000000],"data":[1]}"#, "Tensor: shape [1000000000000] needs 1000000000000 elements");
    refused(r#"{"shape":[1],"data":[1e300]}"#, "Tensor: 1e300 is too large for an element");
    refused(r#"{"shape":[1],"data":[null]}"#, "invalid type: null, expected a number, \"NaN\", \"Infinity\" or");
    refused(r#"{"shape":[1],"data":["nan"]}"#, "invalid value: string \"nan\", expected a number, \"NaN\",");
    refused(r#"{"shape":[-1],"data":[]}"#, "invalid value: integer `-1`, expected usize");
    refused(r#"{"shape":[1]}"#, "missing field `data`");
    refused(r#"{"shape":[1],"data":[1],"dtype":"f8"}"#, "unknown field `dtype`, expected `shape` or `data`");
    refused("[1.0, 2.0]", "invalid type: floating point `1.0`, expected");
    let labels = message::<usize>(r#"{"shape":[1],"data":[-1]}"#);
    assert!(labels.starts_with("invalid value: integer `-1`, expected usize"), "{labels}");
}
