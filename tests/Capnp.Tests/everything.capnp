@0xb8f5a1d6c7e34902;
# Every type there is, for the tests that ask the capnp tool. Compiled when they run.

using Json = import "/capnp/compat/json.capnp";

struct Everything {
  nothing @0 :Void;
  flag @1 :Bool = true;
  int8 @2 :Int8 = -3;
  int16 @3 :Int16 = 300;
  int32 @4 :Int32 = -70000;
  int64 @5 :Int64 = 5000000000;
  uint8 @6 :UInt8 = 200;
  uint16 @7 :UInt16;
  uint32 @8 :UInt32 = 4000000000;
  uint64 @9 :UInt64;
  float32 @10 :Float32 = 1.5;
  float64 @11 :Float64 = -2.5e100;
  color @12 :Color = green;
  text @13 :Text = "a default";
  data @14 :Data = 0x"01 02";
  child @15 :Everything;
  plain @16 :Plain = (n = 9, t = "default");

  union {
    first @17 :Void;
    number @18 :Int64;
    words @19 :Text;
    several @20 :List(Text);
    group :group {
      x @21 :Float64;
      y @22 :Text;
    }
  }

  choice :union {
    left @23 :Text;
    right @24 :Plain;
    pick @25 :Color;
  }

  voids @26 :List(Void);
  flags @27 :List(Bool) = [true, false, true];
  int8s @28 :List(Int8);
  int16s @29 :List(Int16);
  int32s @30 :List(Int32);
  int64s @31 :List(Int64);
  uint8s @32 :List(UInt8);
  uint16s @33 :List(UInt16);
  uint32s @34 :List(UInt32);
  uint64s @35 :List(UInt64);
  float32s @36 :List(Float32);
  float64s @37 :List(Float64);
  colors @38 :List(Color);
  texts @39 :List(Text);
  datas @40 :List(Data);
  plains @41 :List(Plain);
  nested @42 :List(List(Int32));
  nestedTexts @43 :List(List(Text));
  nestedPlains @44 :List(List(Plain));
  box @45 :Box(Plain);
  annotated @46 :Annotated;
}

enum Color {
  red @0;
  green @1;
  blue @2 $Json.name("azure");
}

struct Plain {
  n @0 :Int32;
  t @1 :Text;
  b @2 :Bool;
}

struct Box(T) {
  value @0 :T;
  n @1 :UInt16;
}

struct Annotated $Json.discriminator(name = "kind") {
  renamed @0 :UInt16 $Json.name("re-named");
  blob @1 :Data $Json.base64;
  digits @2 :Data $Json.hex;

  union {
    nothing @3 :Void;
    number @4 :UInt32;
    words @5 :Text $Json.name("w");
    flat :group $Json.flatten() {
      a @6 :Int32;
      b @7 :Text;
    }
  }

  inner :group $Json.flatten(prefix = "in_") {
    x @8 :Float32;
    y @9 :Text;
  }

  choice :union $Json.discriminator(name = "which", valueName = "val") {
    p @10 :Text;
    q @11 :UInt64;
    r @12 :Void;
  }
}
