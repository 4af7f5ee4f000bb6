@0xd8aa3f4a3c5e1b02;
# What hard.capnp imports; its C# has another namespace.

struct Thing {
  name @0 :Text;
  kind @1 :Kind;
}

enum Kind { plain @0; fancy @1; }
