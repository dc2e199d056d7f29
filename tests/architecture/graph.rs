//! A graph of files and their imports, and the circles in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Default)]
pub(crate) struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    pub(crate) fn add(&mut self, from: &str, to: &str) {
        if from != to {
            self.0.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
    }

    /// Every import: from which file, and to which.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(from, targets)| targets.iter().map(|to| (from.as_str(), to.as_str())))
    }

    /// Fails with each circle. `known` lists imports that are still to be removed from a circle; an entry that is part of none fails too.
    pub(crate) fn assert_no_circles(mut self, known: &[(&str, &str)]) {
        for (from, to) in known {
            let exists = self.0.get(*from).is_some_and(|targets| targets.contains(*to));
            assert!(
                exists && self.way(to, from).is_some(),
                "{from} -> {to} is part of no circle: remove it from the list"
            );
        }
        for (from, to) in known {
            self.0.get_mut(*from).unwrap().remove(*to);
        }
        let circles: BTreeSet<String> = self.0.keys().filter_map(|file| self.circle(file)).collect();
        assert!(circles.is_empty(), "files import each other in a circle:\n{}", Vec::from_iter(circles).join("\n"));
    }

    /// The shortest circle through a file. It begins at its first file by name, so that each circle has one form.
    fn circle(&self, file: &str) -> Option<String> {
        let ways = self.0.get(file)?.iter().filter_map(|next| self.way(next, file));
        let mut way = ways.min_by_key(Vec::len)?;
        let first = way.iter().min()?.clone();
        let place = way.iter().position(|file| *file == first)?;
        way.rotate_left(place);
        way.push(first);
        Some(way.join(" -> "))
    }

    /// The shortest way from one file to another, with both.
    fn way(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut ways = VecDeque::from([vec![from.to_owned()]]);
        let mut seen = BTreeSet::from([from.to_owned()]);
        while let Some(way) = ways.pop_front() {
            let last = way.last()?;
            if last == to {
                return Some(way);
            }
            for next in self.0.get(last).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    ways.push_back([&way[..], std::slice::from_ref(next)].concat());
                }
            }
        }
        None
    }
}

#[test]
fn circle_is_named_from_its_first_file_and_known_ones_are_let_pass() {
    let graph = || {
        let mut graph = Graph::default();
        for (from, to) in [("c", "a"), ("a", "b"), ("b", "c"), ("b", "d"), ("d", "d")] {
            graph.add(from, to);
        }
        graph
    };
    assert_eq!(graph().circle("c"), Some("a -> b -> c -> a".to_owned()));
    assert_eq!(graph().circle("d"), None);
    graph().assert_no_circles(&[("b", "c")]);
    assert!(std::panic::catch_unwind(|| graph().assert_no_circles(&[])).is_err());
    assert!(std::panic::catch_unwind(|| graph().assert_no_circles(&[("b", "c"), ("b", "d")])).is_err());
}
