@0xd8aa3f4a3c5e1b01;
# Names and shapes that are hard to say in C#. That the test project compiles is the test.

using CSharp = import "../../../schemas/csharp.capnp";
using Other = import "other.capnp";

$CSharp.namespace("Wetware.Generator.Tests.Generated.Hard");

struct Keywords {
  # Every field is a C# keyword, or means something to a generated struct. <Tags> & "quotes" & ]]> must survive in documentation.

  class @0 :UInt32;
  namespace @1 :Text;
  int @2 :Int32;
  string @3 :Text;
  event @4 :Bool;
  operator @5 :List(UInt8);
  raw @6 :UInt64;
  which @7 :UInt64;
  reader @8 :Text;
  builder @9 :Text;
  pipeline @10 :Text;
  size @11 :UInt32;
  wrap @12 :UInt32;
  read @13 :UInt32;
  get @14 :UInt32;
  init @15 :UInt32;
  equals @16 :Bool;
  getHashCode @17 :Int32;
  toString @18 :Text;
  getType @19 :Text;
  typeId @20 :UInt64;
  asReader @21 :Data;
  value @22 :Int8;
  field @23 :Int8;
  keywords @24 :Keywords;
  finalize @25 :Void;
  memberwiseClone @26 :Bool;
  referenceEquals @27 :Bool;
}

struct Clashes {
  # Members whose derived names meet those of others.

  foo @0 :Text;
  hasFoo @1 :Bool;
  initFoo @2 :Bool;
  setFoo @3 :Bool;
  disownFoo @4 :Bool;
  adoptFoo @5 :Bool;
  clearFoo @6 :Bool;
  inner @7 :Inner;
  struct Inner {
    clashes @0 :Clashes;
    struct Clashes {
      inner @0 :Inner;
      struct Inner {
        text @0 :Text;
      }
    }
  }
  group :group {
    group :group {
      group @8 :UInt8;
    }
  }
  detail :group {
    x @9 :UInt8;
  }
  struct Detail {
    y @0 :UInt8;
  }
  enum Which { a @0; b @1; }
  struct Reader { a @0 :UInt8; }
  struct Builder { a @0 :Which; }
  union {
    either @10 :Void;
    or :union {
      reader @11 :Reader;
      builder @12 :Builder;
      which @13 :Which;
    }
  }
}

enum Words {
  new @0;
  class @1;
  toString @2;
  default @3;
  words @4;
}

struct LateUnion {
  # The union's first member has a higher ordinal than fields outside it, and its tag comes late.

  a @1 :UInt16;
  b @0 :Text;
  union {
    late @4 :UInt8;
    later @2 :Text;
    latest :group {
      x @5 :Int64;
      y @6 :List(Text);
      z :union {
        p @7 :Void;
        q @8 :LateUnion;
      }
    }
  }
  c @3 :Float32 = nan;
}

struct Deep {
  struct A { struct B { struct C { struct D { struct E { struct F { struct G {
    deep @0 :Deep;
    a @1 :A;
    g @2 :List(List(List(G)));
    const depth :UInt8 = 7;
  } } } } } } }
  last @0 :A.B.C.D.E.F.G;
}

struct Empty {}

struct Defaults {
  bool @0 :Bool = true;
  int8 @1 :Int8 = -128;
  int16 @2 :Int16 = -32768;
  int32 @3 :Int32 = -2147483648;
  int64 @4 :Int64 = -9223372036854775808;
  uint8 @5 :UInt8 = 255;
  uint16 @6 :UInt16 = 65535;
  uint32 @7 :UInt32 = 4294967295;
  uint64 @8 :UInt64 = 18446744073709551615;
  float32 @9 :Float32 = -1.5e-10;
  float64 @10 :Float64 = -inf;
  words @11 :Words = default;
  text @12 :Text = "a \"quoted\"\n\ttext \xe2\x82\xac";
  data @13 :Data = 0x"00ff10";
  bools @14 :List(Bool) = [true, false, true];
  numbers @15 :List(Int16) = [1, -2, 3];
  texts @16 :List(Text) = ["x", "", "z"];
  struct @17 :Point = (x = 1, y = -2, label = "here");
  points @18 :List(Point) = [(x = 3), (label = "there")];
  lists @19 :List(List(UInt8)) = [[1, 2], [], [3]];
  enums @20 :List(Words) = [new, words];
  voids @21 :List(Void) = [void, void];
  notANumber @22 :Float64 = nan;
  other @23 :Other.Thing = (name = "imported");
}

struct Point {
  x @0 :Int32;
  y @1 :Int32 = 7;
  label @2 :Text;
}

const answer :UInt32 = 42;
const minimum :Int64 = -9223372036854775808;
const greeting :Text = "hello \"world\"";
const bytes :Data = 0x"0102";
const ratio :Float64 = 0.1;
const nothing :Void = void;
const word :Words = class;
const origin :Point = (x = 1, label = "origin");
const path :List(Point) = [(x = 1), (x = 2), .origin];
const primes :List(UInt16) = [2, 3, 5, 7];
const yes :Bool = true;
const infinite :Float32 = -inf;

struct AnyKinds {
  any @0 :AnyPointer;
  struct @1 :AnyStruct;
  list @2 :AnyList;
  lists @3 :List(AnyList);
  other @4 :Other.Thing;
  kinds @5 :List(Other.Kind);
  things @6 :List(Other.Thing);
}

struct Renamed $CSharp.name("Rechristened") {
  old @0 :UInt8 $CSharp.name("Fresh");
  taken @1 :UInt8;
  u :union $CSharp.name("Choice") {
    a @2 :Void $CSharp.name("First");
    b @3 :Void;
  }
}

struct Map(Key, Value) {
  entries @0 :List(Entry);
  default @1 :Value;
  struct Entry {
    key @0 :Key;
    value @1 :Value;
    parent @2 :Map(Key, Value);
    flipped @3 :Map(Value, Key);
    u :union {
      none @4 :Void;
      key @5 :Key;
      list @6 :List(Text);
    }
  }
  struct Wrapper(Key) {
    outer @0 :Map(Key, Value);
    own @1 :Key;
  }
}

struct UsesMap {
  people @0 :Map(Text, Point);
  lists @1 :Map(List(Text), Map(Data, AnyPointer));
  unbound @2 :Map;
  wrapped @3 :Map(Text, Data).Wrapper(Point);
  many @4 :List(Map(Text, Text));
  entry @5 :Map(Text, Point).Entry;
}
