@0xeb0d831668c6ed9f;
# Annotations for the C# that capnpc-csharp writes. None of them has to be used, and none of them changes a single byte on the wire.

$namespace("Wetware.Schemas");

annotation namespace @0xeb0d831668c6eda0 (file) :Text;
# The namespace of everything that the file declares, such as "Wetware.Rpc". Without it the generator takes the one given on its command
# line, and without that the name of the file.

annotation name @0xeb0d831668c6eda1 (struct, field, union, group, enum, enumerant, interface, method, param, const) :Text;
# The C# name of a declaration or member, where the one that the schema's name gives does not suit.
