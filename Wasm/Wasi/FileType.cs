namespace Wetware.Wasm.Wasi;

/// <summary>The file types of WASI preview 1.</summary>
internal enum FileType : byte
{
    Unknown = 0,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketStream = 6,
    SymbolicLink = 7,
}
