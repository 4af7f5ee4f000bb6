@0xd1f7a2c3b4e59687;
# What the tests of the RPC protocol call: callbacks, promises, failures, order, tail calls, cancellation, streams.

interface Counter {
  # Counts the calls it gets, so that order shows.
  next @0 (expected :UInt32) -> (n :UInt32);
  # Returns how often it was called before.
}

struct Held {
  cap @0 :Counter;
}

interface Worker {
  echoCap @0 (cap :Counter) -> (cap :Counter);
  # Returns what it was given.

  callBack @1 (cap :Counter, times :UInt32) -> (last :UInt32);
  # Calls it.

  fail @2 (type :UInt16, reason :Text) -> ();
  # Throws.

  hang @3 () -> ();
  # Returns only when canceled.

  self @4 () -> (worker :Worker);
  # Returns itself, late: after `open` was called.

  open @5 () -> ();
  # Lets `self` return.

  hold @6 (cap :Counter) -> ();
  # Keeps a reference.

  held @7 () -> Held;
  # Returns what it keeps.

  tail @8 (to :Worker) -> Held;
  # Calls `held` of another worker as a tail call.

  sink @9 (n :UInt32, data :Data) -> stream;
  # Remembers the order of what it gets; fails if n is out of order.

  total @10 () -> (bytes :UInt64, calls :UInt32);
  # What came by `sink`.

  promise @11 () -> (cap :Counter);
  # A promise that `fulfill` decides.

  fulfill @12 (cap :Counter) -> ();
  # Decides it; breaks it if null.
}
