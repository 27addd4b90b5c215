//! Findings as SARIF, against the schema that OASIS publishes of version 2.1.0, without its descriptions, patterns and formats.

use std::fs;

use serde_json::Value;

use crate::common::{in_folder, repository, text};

const SCHEMA: &str = "tests/suite/sarif-2.1.0.json";

/// The words of the schema language that the schema uses.
const WORDS: [&str; 13] = [
    "$ref",
    "additionalProperties",
    "anyOf",
    "definitions",
    "enum",
    "items",
    "maximum",
    "minItems",
    "minimum",
    "oneOf",
    "properties",
    "required",
    "type",
];

/// A schema, and what is wrong of values by it.
struct Checker {
    root: Value,
    wrong: Vec<String>,
}

impl Checker {
    fn new() -> Checker {
        let schema = fs::read_to_string(repository(SCHEMA)).expect("the schema is there");
        Checker { root: serde_json::from_str(&schema).expect("JSON"), wrong: Vec::new() }
    }

    fn resolved(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/")) {
            Some(name) => self.root["definitions"][name].clone(),
            None => schema.clone(),
        }
    }

    fn note(&mut self, holds: bool, at: &str, what: &str) {
        if !holds {
            self.wrong.push(format!("{at}: {what}"));
        }
    }

    /// Whether a value fits one of several schemas.
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut other = Checker { root: self.root.clone(), wrong: Vec::new() };
        other.check(schema, value, "");
        other.wrong.is_empty()
    }

    fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        let schema = self.resolved(schema);
        for word in schema.as_object().expect("a schema is an object").keys() {
            assert!(WORDS.contains(&word.as_str()) || word == "uniqueItems", "the schema says `{word}`");
        }
        if let Some(kind) = schema["type"].as_str() {
            let is = match kind {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                other => panic!("the schema has the type `{other}`"),
            };
            self.note(is, at, &format!("no {kind}"));
        }
        if let Some(known) = schema["enum"].as_array() {
            self.note(known.contains(value), at, "not one of those that there are");
        }
        for several in ["anyOf", "oneOf"] {
            if let Some(schemas) = schema[several].as_array() {
                let fitting = schemas.iter().any(|schema| self.fits(schema, value));
                self.note(fitting, at, "fits none of several");
            }
        }
        if let Some(number) = value.as_f64() {
            self.note(schema["minimum"].as_f64().is_none_or(|least| number >= least), at, "too small");
            self.note(schema["maximum"].as_f64().is_none_or(|most| number <= most), at, "too large");
        }
        self.members(&schema, value, at);
    }

    /// What an object or a list has in it.
    fn members(&mut self, schema: &Value, value: &Value, at: &str) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            self.note(!value[name].is_null(), at, &format!("lacks `{name}`"));
        }
        for (name, part) in value.as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => self.note(false, &at, "there is no such property"),
                (Value::Null, Value::Object(other)) => self.check(&Value::Object(other.clone()), part, &at),
                (Value::Null, _) => {}
                (known, _) => self.check(&known.clone(), part, &at),
            }
        }
        let Some(items) = value.as_array() else { return };
        let least = schema["minItems"].as_u64().unwrap_or_default();
        self.note(items.len() as u64 >= least, at, "too few items");
        if !schema["items"].is_null() {
            for (place, item) in items.iter().enumerate() {
                self.check(&schema["items"].clone(), item, &format!("{at}/{place}"));
            }
        }
    }
}

/// What is wrong of a log by the schema.
fn wrong_of(log: &Value) -> Vec<String> {
    let mut checker = Checker::new();
    let root = checker.root.clone();
    checker.check(&root, log, "");
    checker.wrong
}

#[test]
fn logs_fit_the_published_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = "class C:\n    def m(self, lock):\n        lock.acquire()\n        try:\n            self.f()\n        finally:\n            return 1\n        lock.release()\ndef f():\n    x = open('a b')\n    return x.read()\n";
    fs::write(folder.path().join("a b.py"), program).expect("a file");
    fs::write(folder.path().join("none.py"), "x = 1\n").expect("a file");
    for (arguments, code) in
        [(&["check", "a b.py", "--format", "sarif"][..], 1), (&["check", "none.py", "--format", "sarif"], 0)]
    {
        let output = in_folder(folder.path(), arguments, "");
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        let log: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        assert_eq!(wrong_of(&log), Vec::<String>::new());
        assert_eq!(log["runs"][0]["results"].as_array().map(Vec::is_empty), Some(code == 0));
    }
}

#[test]
fn the_schema_refuses_what_is_no_log() {
    let log = |change: &dyn Fn(&mut Value)| {
        let mut log: Value = serde_json::json!({
            "version": "2.1.0",
            "runs": [{ "tool": { "driver": { "name": "t" } }, "results": [{ "message": { "text": "m" }, "ruleIndex": 0 }] }]
        });
        change(&mut log);
        wrong_of(&log).len()
    };
    assert_eq!(log(&|_| {}), 0);
    assert_eq!(log(&|log| log["version"] = "2.0".into()), 1);
    assert_eq!(log(&|log| log["runs"][0]["results"][0]["rules"] = "r".into()), 1);
    assert_eq!(log(&|log| log["runs"][0]["results"][0]["ruleIndex"] = (-2).into()), 1);
    assert_eq!(log(&|log| log["runs"][0]["results"][0]["message"] = serde_json::json!({})), 1);
    assert_eq!(log(&|log| log["runs"][0]["tool"] = serde_json::json!({})), 1);
}
