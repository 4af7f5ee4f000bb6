// What a Rust program sees of its host; every language's program of this folder prints the same.
use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!("arguments: {}", arguments.join("|"));
    println!("env: {}", std::env::var("GREETING").unwrap_or_default());
    let lines: Vec<String> = std::io::stdin().lock().lines().map(Result::unwrap).collect();
    println!("in: {}", lines.join("|"));

    let mut file = std::fs::File::create("/data/note.txt").unwrap();
    file.write_all(b"one two two three three three").unwrap();
    drop(file);
    let mut text = String::new();
    std::fs::File::open("/data/note.txt").unwrap().read_to_string(&mut text).unwrap();
    let mut counts = BTreeMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_insert(0) += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{}={}", word, count)).collect();
    println!("file: {}", counts.join(" "));

    let refused = |path: &str| if std::fs::File::open(path).is_err() { "refused" } else { "allowed" };
    println!("up: {}", refused("/data/../secret"));
    println!("not granted: {}", refused("/etc/passwd"));

    let began = Instant::now();
    std::thread::sleep(Duration::from_millis(2));
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    println!("clocks: {}", began.elapsed() >= Duration::from_millis(2) && since.as_secs() > 1_600_000_000);
    eprintln!("to error");
    std::process::exit(42);
}
