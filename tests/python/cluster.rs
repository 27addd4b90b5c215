//! The worked example of shards on a cluster, in `examples/cluster/`: the Dask driver with a
//! worker that is killed, and the Slurm script with stubs in place of Slurm.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::common::{TRYLEMMA, has_python, repository, text, trylemma};

/// A file of the example.
fn example(name: &str) -> PathBuf {
    repository("examples/cluster").join(name)
}

#[test]
fn a_killed_dask_worker_loses_nothing() {
    if !has_python("distributed") {
        return;
    }
    let output = Command::new("python3")
        .arg(example("test_dask_driver.py"))
        .env("TRYLEMMA", TRYLEMMA)
        .output()
        .expect("python3 starts");
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", text(&output.stderr));
    assert!(said.contains("nothing lost"), "{said}");
}

/// A folder of stubs for Slurm's programs, ahead of all others on the `PATH`.
struct Slurm {
    folder: TempDir,
}

impl Slurm {
    /// An `sbatch` that notes its arguments and prints an id, with the name of its cluster,
    /// and an `srun` that notes its own and runs what stands behind its options.
    fn new() -> Slurm {
        let slurm = Slurm { folder: TempDir::new().expect("a temporary folder") };
        slurm.stub("sbatch", "echo \"$@\" >>\"$NOTES\"; echo \"$((40 + $(wc -l <\"$NOTES\")));cluster\"");
        slurm.stub("srun", "echo \"$@\" >>\"$NOTES\"; while [[ $1 == --* ]]; do shift; done; exec \"$@\"");
        slurm
    }

    fn stub(&self, name: &str, body: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, format!("#!/usr/bin/env bash\n{body}\n")).expect("a stub");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    }

    /// Where the parts and the verdict go. Slurm's users have folders with spaces, too.
    fn parts(&self) -> PathBuf {
        self.folder.path().join("the parts")
    }

    /// The script in a role, with variables that Slurm would set.
    fn run(&self, role: &str, shards: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").expect("a PATH"));
        Command::new("bash")
            .arg(example("slurm.sh"))
            .args([role, shards])
            .arg(self.parts())
            .args(arguments)
            .env("PATH", path)
            .env("NOTES", self.folder.path().join("notes"))
            .env("TRYLEMMA", TRYLEMMA)
            .envs(variables.iter().copied())
            .output()
            .expect("bash starts")
    }

    fn notes(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("notes")).expect("a stub was called")
    }
}

/// What `check` without shards prints, and its exit code.
fn whole(arguments: &[&str]) -> (String, Option<i32>) {
    let output = trylemma(&[&["check"], arguments, &["--format", "json"]].concat());
    (text(&output.stdout), output.status.code())
}

#[test]
fn the_slurm_script_runs_shards_and_merges_them() {
    let jobs = [&["--size", "4"][..], &["--size", "3", "--hazards"], &["--size", "3", "--limit", "states=5"]];
    for job in jobs {
        let slurm = Slurm::new();
        std::fs::create_dir(slurm.parts()).expect("a folder");
        // The third shard is missing at first, and is run in an array of its own.
        for (task, count) in [("1", "3"), ("2", "3"), ("3", "1")] {
            if task == "3" {
                let early = slurm.run("merge", "3", &[], &[]);
                assert_eq!(early.status.code(), Some(2), "{}", text(&early.stderr));
                assert!(text(&early.stderr).contains("part-3-of-3.ron"), "{}", text(&early.stderr));
                assert!(!slurm.parts().join("verdict.json").exists());
            }
            let variables = [
                ("SLURM_ARRAY_TASK_ID", task),
                ("SLURM_ARRAY_TASK_COUNT", count),
                ("SLURM_CPUS_PER_TASK", "2"),
            ];
            // Twice, as after a requeue: the second time it goes on from its file.
            for _ in 0..2 {
                let output = slurm.run("shard", "3", &variables, job);
                assert!(output.status.success(), "{}", text(&output.stderr));
            }
        }
        assert!(slurm.notes().contains("--ntasks=1 --cpus-per-task=2"), "{}", slurm.notes());
        assert!(slurm.notes().contains("--threads 2 --shard 1/3"), "{}", slurm.notes());
        let merged = slurm.run("merge", "3", &[], &[]);
        let verdict = std::fs::read_to_string(slurm.parts().join("verdict.json")).expect("a verdict");
        assert_eq!((verdict, merged.status.code()), whole(job), "{}", text(&merged.stderr));
        assert!(!slurm.parts().join("verdict.new").exists());
    }
}

#[test]
fn the_slurm_script_submits_an_array_and_a_merge_behind_it() {
    let slurm = Slurm::new();
    let options = [("SBATCH_OPTIONS", "--time=60 --cpus-per-task=4")];
    let output = slurm.run("submit", "64", &options, &["--size", "7"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("array 41, then merge 42;"), "{}", text(&output.stdout));
    let (notes, parts, script) = (slurm.notes(), slurm.parts(), example("slurm.sh"));
    let (parts, script) = (parts.display(), script.display());
    let [array, merge] = notes.lines().collect::<Vec<_>>()[..] else {
        panic!("two calls of sbatch: {notes}")
    };
    assert!(array.contains("--array=1-64 "), "{array}");
    assert!(
        array.ends_with(&format!(" --time=60 --cpus-per-task=4 {script} shard 64 {parts} --size 7")),
        "{array}"
    );
    assert!(merge.contains("--dependency=afterok:41 --kill-on-invalid-dep=yes "), "{merge}");
    assert!(merge.ends_with(&format!(" {script} merge 64 {parts}")), "{merge}");
}

#[test]
fn the_slurm_script_refuses_what_it_cannot_do() {
    let syntax = Command::new("bash").arg("-n").arg(example("slurm.sh")).output().expect("bash starts");
    assert!(syntax.status.success(), "{}", text(&syntax.stderr));
    let slurm = Slurm::new();
    for (role, shards, arguments, expected) in [
        ("submit", "0", &["--size", "3"][..], "usage: "),
        ("submit", "8", &[], "usage: "),
        ("shards", "8", &["--size", "3"], "usage: "),
        ("shard", "8", &["--size", "3"], "SLURM_ARRAY_TASK_ID: is not set"),
    ] {
        let output = slurm.run(role, shards, &[], arguments);
        assert!(!output.status.success(), "{role} {shards}");
        let said = text(&output.stderr);
        assert!(said.contains(expected) && said.lines().count() == 1, "{said}");
    }
    // A shard that cannot run fails its task, and so the merge does not start.
    let output = slurm.run("shard", "8", &[("SLURM_ARRAY_TASK_ID", "9")], &["--size", "3"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}
