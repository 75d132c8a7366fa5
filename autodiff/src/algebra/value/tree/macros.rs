//! The macro that makes trees of structs and enums.

/// Implements [`Tree`](crate::Tree) for a struct or an enum that is generic over its values:
/// `tree!(Linear { weight, bias })`.
///
/// The fields before a bar are trees: values, or structures of values. The fields after the bar hold no values. They are
/// cloned, and they are [settings](crate::Tree::visit_settings), so their types need `Clone` and `Debug`.
///
/// | declaration | line |
/// |---|---|
/// | `struct Linear<V> { weight: V, bias: Option<V> }` | `tree!(Linear { weight, bias })` |
/// | `struct Mlp<V> { layers: Vec<Linear<V>>, transfer: Transfer }` | `tree!(Mlp { layers \| transfer })` |
/// | `struct Scaled<V>(V, Linear<V>, f64);` | `tree!(Scaled(0, 1 \| 2))` |
/// | `struct Net<V, F: Clone + Debug, const N: usize> { layers: [Linear<V>; N], transfer: F }` | `tree!(Net<V, F: Clone + Debug, const N: usize> { layers \| transfer })` |
/// | `enum Layer<V> { Linear(Linear<V>), Dropout { rate: f64 }, Relu }` | `tree!(enum Layer { Linear(0), Dropout { \| rate }, Relu })` |
///
/// Parameters are written as in the declaration, without defaults. The first one is the type of the values; it can be
/// left out together with the brackets if it is the only one. In the declaration it needs no bound, and can have none
/// above [`Reading`](crate::Reading), because every reading can be a leaf: write `V: Value` at the functions. The variant
/// of an enum is a setting, so that a file of another variant is recognised. An enum without data is not a tree but a
/// setting: list it after the bar.
///
/// ```
/// use autodiff::prelude::*;
/// #[derive(Clone)]
/// struct Line<V> { slope: V, offset: V }
/// autodiff::tree!(Line { slope, offset });
///
/// let line = Line { slope: 2.0, offset: 1.0 };
/// let (loss, gradient) = value_and_grad(&line, |_, line| (line.slope * 3.0 + line.offset - 5.0).square());
/// assert_eq!((loss, gradient.slope, gradient.offset), (4.0, 12.0, 4.0));
/// assert_eq!(line.paths(), ["slope", "offset"]);
/// ```
///
/// A network of layers of several kinds:
///
/// ```
/// use autodiff::prelude::*;
/// enum Layer<V> { Affine { slope: V, offset: V }, Power(i32), Tanh }
/// autodiff::tree!(enum Layer { Affine { slope, offset }, Power(| 0), Tanh });
///
/// impl<V: Value> Layer<V> {
///     fn forward(&self, x: V) -> V {
///         match self {
///             Layer::Affine { slope, offset } => x * slope + offset,
///             Layer::Power(n) => x.powi(*n),
///             Layer::Tanh => x.tanh(),
///         }
///     }
/// }
///
/// struct Net<V, const N: usize>([Layer<V>; N]);
/// autodiff::tree!(Net<V, const N: usize>(0));
///
/// let net = Net([Layer::Affine { slope: 1.0, offset: 1.0 }, Layer::Power(2), Layer::Tanh]);
/// let (_, gradient) = value_and_grad(&net, |tape, net| net.0.iter().fold(tape.constant(0.0), |x, l| l.forward(x)));
/// assert_eq!(net.paths(), ["0.0.slope", "0.0.offset"]);
/// let Layer::Affine { offset, .. } = gradient.0[0] else { panic!("the gradient has the variants of the network") };
/// assert!((offset - 2.0 * (1.0 - 1.0f64.tanh().powi(2))).abs() < 1e-15);
/// ```
#[macro_export]
macro_rules! tree {
    ($name:ident { $($body:tt)* }) => { $crate::__tree! { header struct $name V [$crate::Reading] [] > { $($body)* } } };
    ($name:ident ( $field:ident $($rest:tt)* )) => {
        compile_error!("the fields of a tuple struct are counted: `tree!(Name(0, 1 | 2))`");
    };
    ($name:ident ( $($body:tt)* )) => { $crate::__tree! { header struct $name V [$crate::Reading] [] > { $($body)* } } };
    (enum $name:ident { $($body:tt)* }) => { $crate::__tree! { header enum $name V [$crate::Reading] [] > { $($body)* } } };
    (enum $name:ident < $($rest:tt)+) => { $crate::__tree! { first enum $name $($rest)+ } };
    ($name:ident < $($rest:tt)+) => { $crate::__tree! { first struct $name $($rest)+ } };
    ($($other:tt)*) => {
        compile_error!(
            "tree! takes `Name { field, … | setting, … }`, `Name(0, … | 1, …)`, `Name<V, Other: Bound> { … }` or \
             `enum Name { Variant(0), Variant { field | setting }, Variant }`"
        );
    };
}

/// The steps of [`tree!`]: `first` and `header` read the parameters, `split` the fields, and `implement` writes the code.
#[doc(hidden)]
#[macro_export]
macro_rules! __tree {
    // The first parameter, which is the type of the values.
    (first $kind:ident $name:ident $v:ident : $($rest:tt)*) => {
        $crate::__tree! { header $kind $name $v [$crate::Reading +] [] $($rest)* }
    };
    (first $kind:ident $name:ident $v:ident $($rest:tt)*) => {
        $crate::__tree! { header $kind $name $v [$crate::Reading] [] $($rest)* }
    };

    // The other parameters, token by token: all tokens for the header of the implementation, the names for the type.
    (header struct $name:ident $v:ident [$($all:tt)*] [$($names:tt)*] > { $($body:tt)* }) => {
        $crate::__tree! { split [$name $v [$($all)*] [$($names)*]] [] [$name] [] [] { $($body)* } }
    };
    (header enum $name:ident $v:ident $all:tt $names:tt > {
        $($variant:ident $({ $($named:tt)* })? $(( $($numbered:tt)* ))?),* $(,)?
    }) => {
        $crate::__tree! {
            split [$name $v $all $names] []
            $([$name::$variant] [$variant] [] { $($($named)*)? $($($numbered)*)? })*
        }
    };
    (header $kind:ident $name:ident $v:ident $all:tt $names:tt > ( $($body:tt)* )) => {
        $crate::__tree! { header $kind $name $v $all $names > { $($body)* } }
    };
    (header $kind:ident $name:ident $v:ident [$($all:tt)*] $names:tt >> $body:tt) => {
        $crate::__tree! { header $kind $name $v [$($all)* >] $names > $body }
    };
    (header $kind:ident $name:ident $v:ident [$($all:tt)*] [$($names:tt)*] , const $n:ident $($rest:tt)*) => {
        $crate::__tree! { header $kind $name $v [$($all)* , const $n] [$($names)* , $n] $($rest)* }
    };
    (header $kind:ident $name:ident $v:ident [$($all:tt)*] [$($names:tt)*] , $p:ident $($rest:tt)*) => {
        $crate::__tree! { header $kind $name $v [$($all)* , $p] [$($names)* , $p] $($rest)* }
    };
    (header $kind:ident $name:ident $v:ident [$($all:tt)*] $names:tt $token:tt $($rest:tt)*) => {
        $crate::__tree! { header $kind $name $v [$($all)* $token] $names $($rest)* }
    };

    // The fields of each variant, token by token: those before the bar, and those after it.
    (split $header:tt [$($done:tt)*] $part:tt $variant:tt $fields:tt { | $($settings:tt)* } $($more:tt)*) => {
        $crate::__tree! { split $header [$($done)* $part $variant $fields [$($settings)*]] $($more)* }
    };
    (split $header:tt [$($done:tt)*] $part:tt $variant:tt $fields:tt {} $($more:tt)*) => {
        $crate::__tree! { split $header [$($done)* $part $variant $fields []] $($more)* }
    };
    (split $header:tt $done:tt $part:tt $variant:tt [$($fields:tt)*] { $token:tt $($rest:tt)* } $($more:tt)*) => {
        $crate::__tree! { split $header $done $part $variant [$($fields)* $token] { $($rest)* } $($more)* }
    };
    (split [$($header:tt)*] [$($done:tt)*]) => { $crate::__tree! { implement $($header)* $($done)* } };

    // A part is the name of the struct, or of a variant. Patterns in braces fit named fields, numbered ones and none.
    (implement $name:ident $v:ident [$($all:tt)*] [$($names:tt)*] $(
        [$part:path] [$($variant:ident)?] [$($field:tt),* $(,)?] [$($setting:tt),* $(,)?]
    )*) => {
        #[allow(unused_variables, unreachable_patterns, irrefutable_let_patterns)]
        impl<$v: $($all)*> $crate::Tree for $name<$v $($names)*> {
            type Leaf = $v;
            type With<OtherLeaf: $crate::Reading> = $name<OtherLeaf $($names)*>;

            fn map_at<OtherLeaf: $crate::Reading>(
                &self,
                path: &$crate::Path<'_>,
                f: &mut dyn FnMut(&$crate::Path<'_>, &$v) -> OtherLeaf,
            ) -> Self::With<OtherLeaf> {
                match self {
                    $($part { .. } => $name $(:: $variant)? {
                        $($field: match self {
                            $part { $field: part, .. } => {
                                $crate::__PartOf::<$v>::map_part(part, &path.field(stringify!($field)), f)
                            }
                            _ => unreachable!(),
                        },)*
                        $($setting: match self {
                            $part { $setting: setting, .. } => ::std::clone::Clone::clone(setting),
                            _ => unreachable!(),
                        },)*
                    },)*
                }
            }

            fn visit_at<'tree>(
                &'tree self,
                path: &$crate::Path<'_>,
                f: &mut dyn FnMut(&$crate::Path<'_>, &'tree $v),
            ) {
                $($(if let $part { $field: part, .. } = self {
                    $crate::__PartOf::<$v>::visit_part(part, &path.field(stringify!($field)), f);
                })*)*
            }

            fn visit_mut_at(&mut self, path: &$crate::Path<'_>, f: &mut dyn FnMut(&$crate::Path<'_>, &mut $v)) {
                $($(if let $part { $field: part, .. } = self {
                    $crate::__PartOf::<$v>::visit_part_mut(part, &path.field(stringify!($field)), f);
                })*)*
            }

            fn visit_settings_at(
                &self,
                path: &$crate::Path<'_>,
                f: &mut dyn FnMut(&$crate::Path<'_>, &dyn ::std::fmt::Debug),
            ) {
                $(
                    $(if let $part { .. } = self {
                        f(path, &::std::format_args!(stringify!($variant)));
                    })?
                    $(if let $part { $field: part, .. } = self {
                        $crate::Tree::visit_settings_at(part, &path.field(stringify!($field)), f);
                    })*
                    $(if let $part { $setting: setting, .. } = self {
                        f(&path.field(stringify!($setting)), setting);
                    })*
                )*
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::{Reading, Tree};
    use std::collections::BTreeMap;
    use std::fmt::{self, Debug};
    use std::marker::PhantomData;

    #[derive(Clone, Debug, PartialEq)]
    struct Line<V> {
        slope: V,
        offset: Option<V>,
    }
    tree!(Line { slope, offset });

    struct Drawn<V> {
        lines: Vec<Line<V>>,
        width: f64,
    }
    tree!(Drawn { lines | width });

    struct Numbered<V: Reading>(V, &'static str, Option<Vec<Line<V>>>);
    tree!(Numbered<V: Reading>(2, 0 | 1));

    #[derive(Clone, Copy, Debug)]
    enum Colour {
        Red,
    }

    trait Transfer: Clone + Debug {}
    impl Transfer for Colour {}

    struct Net<V, F: Transfer, G: AsRef<str> + Clone + fmt::Debug, const N: usize> {
        layers: [Option<Option<V>>; N],
        transfer: F,
        name: G,
    }
    tree!(Net<V, F: Transfer, G: AsRef<str> + Clone + fmt::Debug, const N: usize> { layers | transfer, name });

    struct Marked<V, const ON: bool, M, N>(PhantomData<(M, N)>, V)
    where
        N: Into<Vec<u8>>;
    tree!(Marked<V, const ON: bool, M, N: Into<Vec<u8>>>(1 | 0));

    #[derive(Debug, PartialEq)]
    enum Layer<V> {
        Affine(Line<V>, V),
        Power { of: V, exponent: i32 },
        Dropout { rate: f64 },
        Tanh,
    }
    tree!(
        enum Layer {
            Affine(0, 1),
            Power { of | exponent },
            Dropout { | rate },
            Tanh,
        }
    );

    enum Either<V, S: Clone + Debug> {
        Left(V),
        Right(S),
    }
    tree!(enum Either<V, S: Clone + Debug> { Left(0), Right(| 0) });

    fn line(slope: f64, offset: Option<f64>) -> Line<f64> {
        Line { slope, offset }
    }

    fn settings(tree: &impl Tree) -> Vec<String> {
        let mut settings = Vec::new();
        tree.visit_settings(&mut |path, setting| settings.push(format!("{path} = {setting:?}")));
        settings
    }

    #[test]
    fn settings_of_a_tree_have_paths() {
        let drawn = |width| Drawn { lines: vec![line(1.0, None)], width };
        let tree = (0.0, vec![drawn(0.5), drawn(2.0)], [Some(drawn(1e-3))]);
        assert_eq!(settings(&tree), ["1.0.width = 0.5", "1.1.width = 2.0", "2.0.width = 0.001"]);
        assert_eq!(tree.leaves(), [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn tuple_structs_list_their_fields_by_number() {
        let tree = Numbered(1.0, "blue", Some(vec![line(2.0, Some(3.0))]));
        assert_eq!(tree.paths(), ["2.0.slope", "2.0.offset", "0"]);
        assert_eq!(settings(&tree), ["1 = \"blue\""]);
        let tree = tree.map(&mut |_, x| 2.0 * x);
        assert_eq!((tree.0, tree.1, tree.2), (2.0, "blue", Some(vec![line(4.0, Some(6.0))])));
    }

    #[test]
    fn other_parameters_are_types_of_settings_and_constants() {
        let net = Net { layers: [Some(Some(1.0)), Some(None), None], transfer: Colour::Red, name: String::from("net") };
        let mapped = net.map(&mut |_, x| 2.0 * x);
        assert_eq!(mapped.layers, [Some(Some(2.0)), Some(None), None]);
        assert_eq!((net.paths(), settings(&mapped)), (vec!["layers.0".into()], settings(&net)));
        assert_eq!(settings(&net), ["transfer = Red", "name = \"net\""]);
        let marked: Marked<f64, true, Colour, String> = Marked(PhantomData, 1.0);
        assert_eq!(marked.map(&mut |_, x| 2.0 * x).1, 2.0);
    }

    #[test]
    fn variants_of_an_enum_have_trees_and_settings_of_their_own() {
        let of = |x: f64| {
            let power = Layer::Power { of: 4.0 * x, exponent: 2 };
            [Layer::Affine(line(x, Some(2.0 * x)), 3.0 * x), power, Layer::Dropout { rate: 0.5 }, Layer::Tanh]
        };
        let mut layers = of(1.0);
        assert_eq!(Tree::map(&layers, &mut |_, x| 2.0 * x), of(2.0));
        assert_eq!(layers.paths(), ["0.0.slope", "0.0.offset", "0.1", "1.of"]);
        layers.visit_mut(&mut |_, x| *x *= 2.0);
        assert_eq!(layers.leaves(), [2.0, 4.0, 6.0, 8.0]);
        let expected = ["0 = Affine", "1 = Power", "1.exponent = 2", "2 = Dropout", "2.rate = 0.5", "3 = Tanh"];
        assert_eq!(settings(&layers), expected);

        let either = [Either::Left(1.0), Either::Right("nothing")];
        assert_eq!(either.leaves(), [1.0]);
        assert_eq!(settings(&either), ["0 = Left", "1 = Right", "1.0 = \"nothing\""]);
    }

    #[test]
    fn map_and_both_visits_pass_the_same_leaves_in_the_same_order() {
        let lines = vec![line(3.0, Some(4.0)), line(5.0, None)];
        let named = BTreeMap::from([("b", 10.0), ("a", 9.0)]);
        let mut tree = ([1.0, 2.0], lines, (6.0, 7.0, Some(8.0)), named, None::<Vec<Line<f64>>>);
        let (mut mapped, mut seen, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let doubled = tree.map(&mut |path, x| {
            mapped.push((path.to_string(), *x));
            2.0 * x
        });
        tree.visit(&mut |path, x| seen.push((path.to_string(), *x)));
        tree.visit_mut(&mut |path, x| {
            written.push((path.to_string(), *x));
            *x *= 2.0;
        });
        let paths = ["0.0", "0.1", "1.0.slope", "1.0.offset", "1.1.slope", "2.0", "2.1", "2.2", "3.a", "3.b"];
        let expected: Vec<_> = paths.into_iter().map(str::to_owned).zip((1..).map(f64::from)).collect();
        assert_eq!([&mapped, &seen, &written], [&expected; 3]);
        assert_eq!(tree.leaves(), (1..=10).map(|i| f64::from(2 * i)).collect::<Vec<_>>());
        assert_eq!(doubled.leaves(), tree.leaves());
    }

    #[test]
    fn tuples_of_eight_are_trees() {
        let tree = (1.0, [2.0], 3.0, 4.0, 5.0, 6.0, 7.0, vec![8.0]);
        assert_eq!(tree.paths().join(" "), "0 1.0 2 3 4 5 6 7.0");
        assert_eq!(tree.leaves(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    }
}
