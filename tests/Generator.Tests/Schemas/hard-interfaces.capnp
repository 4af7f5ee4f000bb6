@0xd8aa3f4a3c5e1b03;
# Interfaces that are hard to say in C#. That the test project compiles is the test.

using Hard = import "hard.capnp";

struct UsesServices {
  services @0 :Hard.Map(Text, Store(Hard.Point));
  cap @1 :Capability;
  caps @2 :List(Capability);
  tops @3 :List(Top);
  struct A { struct B { struct C {
    interface H { call @0 (c :C) -> (c :C, h :H); }
  } } }
}

interface Store(T) {
  # A generic interface, with a method that is generic itself.

  get @0 (key :Text) -> (value :T);
  put @1 (key :Text, value :T) -> (previous :T, store :Store(T));
  all @2 () -> (entries :List(Entry));
  convert @3 [U] (with :Converter(T, U)) -> (store :Store(U), first :U);
  watch @4 (watcher :Watcher) -> stream;
  struct Entry {
    key @0 :Text;
    value @1 :T;
    store @2 :Store(T);
  }
  interface Watcher {
    changed @0 (value :T, old :Store(T)) -> stream;
  }
}

interface Converter(From, To) {
  convert @0 (from :From) -> (to :To);
}

interface Words2 extends(Keyword, Store(Hard.Point)) {
  new @0 (class :UInt32, struct :Text) -> (event :Bool);
  # New <b>things</b>.

  get @1 () -> ();
  getRequest @2 () -> ();
}

interface Keyword {
  dispose @0 ();
  addRef @1 (request :Text, cancellation :UInt8);
  class @2 (this :Data, base :Keyword, out :Hard.Words, in :Bool, void :Void);
  dispatch @3 () -> ();
  serve @4 Hard.Empty -> Hard.Empty;
  from @5 (x :Text) -> stream;
  toString @6 () -> (text :Text);
  capability @7 () -> (capability :Capability, client :Keyword);
  clash @8 () -> ();
  struct ClashParams { a @0 :UInt8; }
  struct Client { b @0 :UInt8; }
  interface IServer { c @0 () -> (d :Detail); struct Detail { k @0 :Keyword; } }
}

interface Diamond extends(Left, Right) {
  bottom @0 () -> (next :Diamond);
}

interface Left extends(Top) { left @0 (); same @1 (); }
interface Right extends(Top) { right @0 (); same @1 (); }
interface Top { top @0 (text :Text) -> (top :Top); }

struct Holder {
  nested :group {
    service @0 :Top;
    deeper @1 :Holder;
  }
  stores @2 :List(Store(Text));
  either :union {
    none @3 :Void;
    left @4 :Left;
    right @5 :Right;
  }
}
