//! Any text either parses to a query that prints and parses back to itself, or fails with a position inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sysparm::query::{
    Column, Dictionary, DictionaryTable, Query, apply_fix, build, ends_in_unique_order, lint, with_unique_order,
};

fuzz_target!(|text: &str| {
    match Query::parse(text) {
        Ok(query) => {
            // A query with a character that no URL carries (a line break) parses, but does not print.
            if let Ok(printed) = query.print() {
                assert_eq!(Query::parse(&printed).as_ref(), Ok(&query), "{text:?} became {printed:?}");
            }
            let _ = query.explain();
        }
        Err(error) => assert!(error.position <= text.len()),
    }
    let known = |name: &str| name == "active" || name == "u_planIN";
    let (dropped, _) = Query::parse_leniently(text, &known);
    let _ = dropped.print();
    let (kept, errors, spans) = Query::parse_losslessly(text, &known);
    assert!(errors.iter().all(|error| error.position <= text.len()));
    assert!(spans.iter().all(|span| span.start <= span.end && span.end <= text.len()));
    let _ = kept.print();
    let _ = build(text);
    assert!(ends_in_unique_order(&with_unique_order(text)));
    let columns = [Column { name: "active", kind: "boolean", ..Column::default() }];
    let dictionary = Dictionary {
        tables: vec![DictionaryTable { name: "incident", columns: columns.into(), ..DictionaryTable::default() }],
    };
    for problem in lint(text, "incident", &dictionary) {
        assert!(problem.start <= problem.end);
        for fix in &problem.fixes {
            let _ = apply_fix(text, fix);
        }
    }
});
