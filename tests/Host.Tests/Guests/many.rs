//! The same as many.c, with the kit for Rust.
#[path = "../../../samples/Guest/rust/ww.rs"]
mod ww;

use std::cell::Cell;
use std::process::exit;
use std::rc::Rc;

const BOOT_CONTEXT: u64 = 0xef622b23fee0980e;
const VIEW: u64 = 0xe4e1f84d570416ed;
const SESSION_VIEW: usize = 1;

/// Counts itself out when it is dropped.
struct Tally(Rc<Cell<usize>>);

impl Drop for Tally {
    fn drop(&mut self) { self.0.set(self.0.get() + 1); }
}

fn run(count: usize) -> ww::Result<()> {
    let session = ww::boot()?.call(BOOT_CONTEXT, 3, 0, 0).send()?;
    let view = match session.results().view(0).cap(SESSION_VIEW) { Some(view) => view, None => exit(1) };
    let dropped = Rc::new(Cell::new(0));
    for round in 1..=2 {
        let called: Rc<Vec<Cell<u32>>> = Rc::new((0..count).map(|_| Cell::new(0)).collect());
        let mut left = Vec::new();
        for i in 0..count {
            let (called, tally) = (called.clone(), Tally(dropped.clone()));
            let handler = ww::serve(move |request| {
                let _ = &tally;
                called[i].set(called[i].get() + 1);
                if i % 2 == 1 { return Err(ww::Error("odd".to_string())); }
                request.results(0, 0);
                Ok(())
            });
            let mut call = view.call(VIEW, 1, 0, 3);
            call.params().set_cap(0, &handler);
            left.push(call.post()?);
        }
        while !left.is_empty() {
            if let Some(ended) = ww::turn()? { left.retain(|question| *question != ended); }
        }
        // The host gives the handlers back before it answers, or after.
        while dropped.get() < round * count { ww::turn()?; }
        if called.iter().any(|times| times.get() != 1) { exit(2); }
    }
    Ok(())
}

fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    if run(count).is_err() { exit(3); }
}
