//! Tables and histories as comma-separated values.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::{Categories, Table};
use nn::{FileError, History};

fn message(result: Result<impl Sized, FileError>) -> String {
    result.err().expect("an error").fault.to_string()
}

fn table(text: &str) -> Result<Table<f32>, FileError> {
    let folder = Folder::new();
    Table::read(folder.write("table.csv", text.as_bytes()))
}

fn with_missing(text: &str) -> Result<Table<f64>, FileError> {
    let folder = Folder::new();
    Table::read_with_missing(folder.write("table.csv", text.as_bytes()))
}

#[test]
fn tables_are_read_with_and_without_a_header() {
    let named = table("\u{feff}\"length\", width\r\n1.5,-2e3\r\n0, 3 \r\n\r\n").unwrap();
    assert_eq!(named.names, Some(vec!["length".to_owned(), "width".to_owned()]));
    assert_eq!(named.x, Tensor::from([[1.5f32, -2e3], [0.0, 3.0]]));
    let plain = table("1,2\n3,4").unwrap();
    assert_eq!((plain.names, plain.index, plain.x), (None, None, Tensor::from([[1.0f32, 2.0], [3.0, 4.0]])));
}

#[test]
fn quoted_fields_hold_commas_quotes_and_line_breaks() {
    let table = table("\"a, b\",\"c \"\"d\"\"\",\"e\nf\"\n\"1\",\"-2.5\",3\n4,5,\"6\"").unwrap();
    assert_eq!(table.names.unwrap(), ["a, b", "c \"d\"", "e\nf"]);
    assert_eq!(table.x, Tensor::from([[1.0f32, -2.5, 3.0], [4.0, 5.0, 6.0]]));
}

/// As pandas writes an index of numbers, and R names of rows.
#[test]
fn first_column_without_a_name_is_the_index() {
    let pandas = table(",x,y\n0,1.5,2\n1,3,4\n").unwrap();
    assert_eq!(
        (pandas.names.unwrap(), pandas.index.unwrap()),
        (vec!["x".into(), "y".into()], vec!["0".into(), "1".into()])
    );
    assert_eq!(pandas.x, Tensor::from([[1.5f32, 2.0], [3.0, 4.0]]));
    let r = table("\"\",\"x\"\n\"Mazda RX4\",21\n\"Fiat, 128\",32.4\n").unwrap();
    assert_eq!(
        (r.names.unwrap(), r.index.unwrap()),
        (vec!["x".to_owned()], vec!["Mazda RX4".into(), "Fiat, 128".into()])
    );
    assert_eq!(
        message(table(",x\na,1\nb,?\n")),
        "line 3, column 2: \"?\" (columns of text need `Categories`), but a finite number was expected"
    );
    assert_eq!(
        message(table(",x\na\n")),
        "line 2, column 2: the end of the line, but a line of 2 fields, like the first, was expected"
    );
}

#[test]
fn empty_lines_are_ignored_and_lines_counted() {
    for text in ["1,2\n3,4\n\n\n", "1,2\r\n3,4\r\n\r\n  \r\n", "\n\n1,2\n\n \n3,4", "1,2\r3,4\r"] {
        assert_eq!(table(text).unwrap().x, Tensor::from([[1.0f32, 2.0], [3.0, 4.0]]), "{text:?}");
    }
    assert!(message(table("\n\n1,2\r\n\r\n \n3,x\n")).starts_with("line 6, column 2: \"x\""));
    assert!(message(table("\"a\nb\",c\n\n1,x\n")).starts_with("line 4, column 2: \"x\""));
}

#[test]
fn missing_numbers_are_nan_if_allowed() {
    let text = "a,b,c\n1,,3\n NA ,NaN,\"\"\n";
    assert_eq!(
        message(table(text)),
        "line 2, column 2: \"\" (missing numbers are read by `read_with_missing` or `with_missing`), but a finite number was expected"
    );
    let table = with_missing(text).unwrap();
    assert_eq!(table.x.iter().map(f64::is_nan).collect::<Vec<_>>(), [false, true, false, true, true, true]);
    let text = " (columns of text need `Categories`)";
    for (field, hint) in [("inf", ""), ("-inf", ""), ("1e999", ""), ("x", text), ("\"1,5\"", text)] {
        let said = message(with_missing(&format!("a,b\n1,{field}\n")));
        let field = field.trim_matches('"');
        let expected = "but a finite number or an empty field was expected";
        assert_eq!(said, format!("line 2, column 2: {field:?}{hint}, {expected}"));
    }
    // A first row of missing numbers is no header.
    for first in ["NA", "NA,NA", " NA ,", ",NA", "NaN,NA"] {
        let columns = first.split(',').count();
        let rows = with_missing(&format!("{first}\n{}\n", vec!["1"; columns].join(","))).unwrap();
        assert_eq!(rows.names, None, "{first}");
        assert_eq!(rows.x.shape(), [2, columns], "{first}");
    }
    // A number that the type cannot hold is not missing.
    let folder = Folder::new();
    assert!(Table::<f32>::read_with_missing(folder.write("x", b"1e300\n")).is_err());
}

#[test]
fn csv_errors_name_line_and_column() {
    for field in ["nan", "inf", "-inf", "", "abc", "1e300", "1,5", "\"1,5\"", "0x10"] {
        let error = message(table(&format!("a,b\n1,2\n3,{field}\n")));
        assert!(error.starts_with("line 3, column "), "{field}: {error}");
    }
    assert_eq!(
        message(table("1,2\n3,x\n")),
        "line 2, column 2: \"x\" (columns of text need `Categories`), but a finite number was expected"
    );
    let long = message(table(&format!("1,2\n3,{}\n", "x".repeat(1000))));
    assert!(long.starts_with("line 2, column 2: \"xxx") && long.len() < 200, "{long}");
    let missing = "line 2, column 2: the end of the line, but a line of 2 fields, like the first, was expected";
    assert_eq!(message(table("1,2\n3\n")), missing);
    assert_eq!(
        message(table("a;b\n1;2\n")),
        "line 2, column 1: \"1;2\" (fields are separated by commas), but a finite number was expected"
    );
    assert_eq!(message(table("1\n3,4\n")), "line 2, column 2: an extra field, but a line of 1 was expected");
    for (text, at, found) in [
        ("1,2\n3,\"4\"5\n", "line 2, column 2", "text after a closing quote"),
        ("\"a\"b,c\n1,2\n", "line 1, column 1", "text after a closing quote"),
        ("1,2\n\"3,4\n5,6\n", "line 2, column 1", "the end of the file"),
        ("a,b\n1,\"2", "line 2, column 2", "the end of the file"),
    ] {
        let error = message(table(text));
        assert!(error.starts_with(&format!("{at}: {found}")), "{text:?}: {error}");
    }
    assert_eq!(table("\"1\" ,2\n2,3").unwrap().x.to_vec(), [1.0, 2.0, 2.0, 3.0]);
    assert_eq!(message(table("")), "at byte 0: the end, but a row was expected");
    assert_eq!(message(table("a,b\n")), "at byte 4: the end, but a row was expected");
    let folder = Folder::new();
    let error = Table::<f64>::read(folder.write("x", &[b'1', b',', 0xff])).unwrap_err();
    assert_eq!(error.fault.to_string(), "at byte 2: byte 0xff, but text in UTF-8 was expected");
}

fn bits(history: &History) -> Vec<(String, Vec<u64>)> {
    let column = |name: &str| history.column(name).iter().map(|x| x.to_bits()).collect();
    history.names().map(|name| (name.to_owned(), column(name))).collect()
}

#[test]
fn history_is_read_back_as_it_was_written() {
    let folder = Folder::new();
    let file = folder.path().join("history.csv");
    let mut history = History::default();
    history.save(&file).unwrap();
    assert_eq!(History::read(&file).unwrap(), history);
    let names = ["loss", "a, b", "say \"so\"", "two\nlines", " blank ", "", "nan", "1", "epochs", "μ"];
    let figures = [1.0 / 3.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 5e-324, f64::MAX, 1e21, -7.0, 0.1];
    for shift in 0..names.len() {
        let row: Vec<(&str, f64)> =
            names.iter().enumerate().map(|(i, name)| (*name, figures[(i + shift) % 10])).collect();
        history.push(&row[..=shift]);
        history.save(&file).unwrap();
        let read = History::read(&file).unwrap();
        assert_eq!((read.len(), bits(&read)), (history.len(), bits(&history)));
    }
}

#[test]
fn history_that_is_none_is_refused_with_the_place() {
    let folder = Folder::new();
    let said = |text: &str| message(History::read(folder.write("history.csv", text.as_bytes())));
    assert_eq!(said(""), "line 1, column 1: \"\", but \"epoch\" was expected");
    assert_eq!(said("loss\n1\n"), "line 1, column 1: \"loss\", but \"epoch\" was expected");
    assert_eq!(said("epoch,loss,loss\n1,2,3\n"), "line 1, column 3: \"loss\" again, but another name was expected");
    assert_eq!(said("epoch,loss,epoch\n1,2,3\n"), "line 1, column 3: \"epoch\" again, but another name was expected");
    assert_eq!(said("epoch,loss\n1,2\n\n3,1\n"), "line 4, column 1: 3, but the epoch 2 was expected");
    assert_eq!(said("epoch,loss\n1,much\n"), "line 2, column 2: \"much\", but a number or an empty field was expected");
}

/// A table with texts in the given columns, which gives the categories too.
fn with_categories(text: &str, columns: &[&str]) -> Result<(Table<f64>, Categories), FileError> {
    let folder = Folder::new();
    let file = folder.write("table.csv", text.as_bytes());
    let categories = Categories::read(&file, columns.iter().copied())?;
    Ok((Table::read_with_categories(file, &categories)?, categories))
}

#[test]
fn texts_become_one_column_for_each_category() {
    let text = "size,length,colour\nlarge,1.5, red \nsmall,0.5,blue\nlarge,2.5,\"red\"\n";
    let (table, categories) = with_categories(text, &["colour", "size"]).unwrap();
    assert_eq!(table.names.as_deref().unwrap(), ["size=large", "size=small", "length", "colour=blue", "colour=red"]);
    let expected = [[1.0, 0.0, 1.5, 0.0, 1.0], [0.0, 1.0, 0.5, 1.0, 0.0], [1.0, 0.0, 2.5, 0.0, 1.0]];
    assert_eq!(table.x, Tensor::from(expected));
    assert_eq!((table.columns("size"), table.columns("length"), table.columns("colour")), (0..2, 2..3, 3..5));
    assert_eq!(categories.columns().collect::<Vec<_>>(), ["colour", "size"]);
    assert_eq!(
        (categories.of("colour"), categories.of("size")),
        (&["blue", "red"].map(String::from)[..], &["large", "small"].map(String::from)[..])
    );
    // In any order that the program gives.
    let folder = Folder::new();
    let file = folder.write("table.csv", text.as_bytes());
    let given = Categories::new([("size", vec!["small", "large"]), ("colour", vec!["red", "green", "blue"])]);
    let table = Table::<f32>::read_with_categories(&file, &given).unwrap();
    assert_eq!(table.x.index_axis(0, 0).to_vec(), [0.0, 1.0, 1.5, 1.0, 0.0, 0.0]);
}

#[test]
fn columns_of_text_are_numbered_without_a_header() {
    let (table, categories) = with_categories("5.1,3.5,setosa\n7,3.2,versicolor\n", &["3"]).unwrap();
    assert_eq!(table.names.as_deref().unwrap(), ["1", "2", "3=setosa", "3=versicolor"]);
    assert_eq!(table.x, Tensor::from([[5.1, 3.5, 1.0, 0.0], [7.0, 3.2, 0.0, 1.0]]));
    assert_eq!((categories.of("3").len(), table.columns("3")), (2, 2..4));
}

#[test]
fn index_of_a_table_is_no_column_of_text() {
    let (table, _) = with_categories(",colour,x\nfirst,red,1\nsecond,blue,2\n", &["colour"]).unwrap();
    assert_eq!(table.index.as_deref().unwrap(), ["first", "second"]);
    assert_eq!(table.names.as_deref().unwrap(), ["colour=blue", "colour=red", "x"]);
    assert_eq!(table.x, Tensor::from([[0.0, 1.0, 1.0], [1.0, 0.0, 2.0]]));
}

#[test]
fn text_that_is_no_category_is_refused_with_the_place() {
    let folder = Folder::new();
    let categories = Categories::new([("colour", ["red", "blue"])]);
    let said = |text: &str| {
        message(Table::<f64>::read_with_categories(folder.write("table.csv", text.as_bytes()), &categories))
    };
    let one_of = "but one of \"red\", \"blue\" was expected";
    assert_eq!(said("x,colour\n1,red\n2,green\n"), format!("line 3, column 2: \"green\", {one_of}"));
    assert_eq!(said("x,colour\n1,\n"), format!("line 2, column 2: \"\", {one_of}"));
    assert_eq!(said("x,colour\n1,Red\n"), format!("line 2, column 2: \"Red\", {one_of}"));
    assert_eq!(
        said("x,colour\nred,1\n"),
        "line 2, column 1: \"red\" (columns of text need `Categories`), but a finite number was expected"
    );
    let missing = "line 2, column 2: the end of the line, but a line of 2 fields, like the first, was expected";
    assert_eq!(said("x,colour\n1\n"), missing);
    assert_eq!(
        said("x,y\n1,2\n"),
        "line 1, column 1: a header with the names [\"x\", \"y\"], but a column \"colour\" was expected"
    );
    assert_eq!(said("1,red\n"), "line 1, column 1: 2 columns without a header, but a column \"colour\" was expected");
    assert_eq!(said(""), "at byte 0: the end, but a row was expected");
    let many = (0..1001).map(|i| format!("{i},name{i}\n")).collect::<String>();
    let said = message(with_categories(&many, &["2"]));
    assert_eq!(said, "line 1001, column 2: one more text, but no more than 1000 categories was expected");
    let twelve = Categories::new([("colour", (0..12).map(|i| format!("c{i}")))]);
    let said = message(Table::<f64>::read_with_categories(folder.write("table.csv", b"colour,x\nred,1\n"), &twelve));
    let shown = (0..8).map(|i| format!("\"c{i}\"")).collect::<Vec<_>>().join(", ");
    assert_eq!(said, format!("line 2, column 1: \"red\", but one of {shown}, … (12 in all) was expected"));
}

#[test]
fn missing_texts_and_numbers_are_nan_if_allowed() {
    let folder = Folder::new();
    let file = folder.write("table.csv", b"age,port\n22,S\n,C\n26,\n35,NA\n");
    let categories = Categories::read(&file, ["port"]).unwrap();
    assert_eq!(categories.of("port"), ["C", "NA", "S"]);
    assert_eq!(
        message(Table::<f64>::read_with_categories(&file, &categories)),
        "line 3, column 1: \"\" (missing numbers are read by `read_with_missing` or `with_missing`), but a finite number was expected"
    );
    let table = Table::<f64>::read_with_categories(&file, &categories.with_missing()).unwrap();
    let nan = f64::NAN;
    let expected = [[22.0, 0.0, 0.0, 1.0], [nan, 1.0, 0.0, 0.0], [26.0, nan, nan, nan], [35.0, 0.0, 1.0, 0.0]];
    autodiff::assert_close(&table.x, &Tensor::from(expected), 0.0);
}

#[test]
#[should_panic(expected = "Categories: the category \"red\" of column \"colour\" is given twice")]
fn category_that_is_given_twice_panics() {
    let _ = Categories::new([("colour", ["red", "blue", "red"])]);
}

#[test]
#[should_panic(expected = "Table::columns: there is no column \"hue\", but [\"x\", \"colour=red\"]")]
fn column_that_is_not_there_panics() {
    let (table, _) = with_categories("x,colour\n1,red\n", &["colour"]).unwrap();
    let _ = table.columns("hue");
}

#[test]
fn columns_of_numbers_and_of_text_are_labels() {
    let folder = Folder::new();
    let file = folder.write("table.csv", b"colour,length,class\nred,1.5,2\nblue,0.5,0\n");
    let categories = Categories::read(&file, ["colour"]).unwrap();
    let table = Table::<f64>::read_with_categories(&file, &categories).unwrap();
    assert_eq!(table.labels("colour"), Ok(Tensor::from([1, 0])));
    assert_eq!(table.labels("class"), Ok(Tensor::from([2, 0])));
    let rest = table.without("colour");
    assert_eq!(rest.names.as_deref().unwrap(), ["length", "class"]);
    assert_eq!(rest.x, Tensor::from([[1.5, 2.0], [0.5, 0.0]]));
    assert_eq!(rest.without("class").x, Tensor::from([[1.5], [0.5]]));
    let whole = "but a class was expected, a whole number from 0";
    assert_eq!(rest.labels("length").unwrap_err().to_string(), format!("row 0, column \"length\": 1.5, {whole}"));
}

/// A cast would make class 0 of each of these, and `argmax` of a missing category.
#[test]
fn what_is_no_label_is_refused() {
    let folder = Folder::new();
    let file = folder.write("missing.csv", b"colour,class\nred,0\n,NaN\n");
    let categories = Categories::read(&file, ["colour"]).unwrap().with_missing();
    let table = Table::<f32>::read_with_categories(&file, &categories).unwrap();
    assert_eq!(table.labels("colour").unwrap_err().to_string(), "row 1, column \"colour\": the category is missing");
    for (text, found) in [("class\n0\n-1\n", -1.0), ("class\n0\n0.5\n", 0.5), ("class\n0\n1e10\n", 1e10)] {
        let error = self::table(text).unwrap().labels("class").unwrap_err();
        assert_eq!((error.row, error.found), (1, Some(f64::from(found as f32))), "{text}");
    }
    let missing = with_missing("class\n0\nNA\n").unwrap().labels("class").unwrap_err();
    assert!(missing.row == 1 && missing.found.unwrap().is_nan());
}

/// Its categories would be columns of the same names, and `labels` would find the wrong ones.
#[test]
fn columns_that_look_like_categories_are_refused() {
    let folder = Folder::new();
    let refused = |text: &str| {
        let file = folder.write("table.csv", text.as_bytes());
        message(Categories::read(&file, ["size"]))
    };
    let like = "line 1, column 1: \"size=big\", but a name that does not begin with \"size=\" was expected";
    assert_eq!(refused("size=big,size\n1,a\n0,b\n"), like);
    assert_eq!(
        refused("size,x,size\na,1,b\n"),
        "line 1, column 1: more than one column \"size\", but one was expected"
    );
    assert_eq!(refused("x,size\n1,\n"), "line 1, column 2: no text, but a text in column \"size\" was expected");
}

#[test]
#[should_panic(expected = "Table::labels: there is more than one column \"a\": [\"a\", \"b\", \"a\"]")]
fn column_of_a_name_that_two_have_is_not_chosen() {
    let _ = table("a,b,a\n1,2,3\n").unwrap().labels("a");
}

#[test]
#[should_panic(expected = "Table::without: x has shape [2], but [rows, columns] is needed")]
fn columns_of_a_vector_are_refused() {
    let _ = Table { names: None, index: None, x: Tensor::<f64>::ones([2]) }.without("1");
}

#[test]
fn fields_that_are_no_numbers_say_what_may_be_meant() {
    let found = |text| message(table(text));
    let missing =
        "(missing numbers are read by `read_with_missing` or `with_missing`), but a finite number was expected";
    assert_eq!(found("x,y\n1,\n"), format!("line 2, column 2: \"\" {missing}"));
    let text = "line 2, column 2: \"red\" (columns of text need `Categories`), but a finite number was expected";
    assert_eq!(found("x,y\n1,red\n"), text);
    let blanks = "line 2, column 1: \"1 2\" (fields are separated by commas), but a finite number was expected";
    assert_eq!(found("x\n1 2\n"), blanks);
}

#[test]
fn columns_without_a_header_are_numbered() {
    let plain = table("1,2\n3,4").unwrap();
    assert_eq!((plain.columns("1"), plain.labels("2")), (0..1, Ok(Tensor::from([2, 4]))));
    let rest = plain.without("1");
    assert_eq!((rest.columns("2"), rest.x), (0..1, Tensor::from([[2.0f32], [4.0]])));
}
