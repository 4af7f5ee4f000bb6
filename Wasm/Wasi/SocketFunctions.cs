namespace Wetware.Wasm.Wasi;

/// <summary>
/// Module "ww": sock_read(buffer, length, &amp;count), sock_write(buffer, length, &amp;count), sock_close(), all giving an error number. None
/// blocks: EAGAIN says to wait in poll_oneoff on descriptor <see cref="WasiProcess.SocketDescriptorNumber"/>. A read of 0 bytes is the end.
/// </summary>
internal sealed class SocketFunctions(WasiProcess process)
{
    private const string ModuleName = "ww";

    public void Define(Imports imports) => imports
        .Function(ModuleName, "sock_read", (Instance guest, int address, int count, int result) => (int)Read(guest, address, count, result))
        .Function(ModuleName, "sock_write", (Instance guest, int address, int count, int result) => (int)Write(guest, address, count, result))
        .Function(ModuleName, "sock_close", () => (int)process.Close(WasiProcess.SocketDescriptorNumber));

    private Errno Read(Instance guest, int address, int count, int result)
    {
        var memory = new GuestMemory(guest);
        if (!memory.Span(address, count, out var buffer))
        {
            return Errno.Fault;
        }

        if (process.Find(WasiProcess.SocketDescriptorNumber) is not SocketDescriptor socket)
        {
            return Errno.BadF;
        }

        var errno = socket.Read(buffer, guest.Store.Stopping, out var moved);
        return !memory.Write32(result, moved) ? Errno.Fault : errno;
    }

    private Errno Write(Instance guest, int address, int count, int result)
    {
        var memory = new GuestMemory(guest);
        if (!memory.Span(address, count, out var buffer))
        {
            return Errno.Fault;
        }

        if (process.Find(WasiProcess.SocketDescriptorNumber) is not SocketDescriptor socket)
        {
            return Errno.BadF;
        }

        var errno = socket.Write(buffer, guest.Store.Stopping, out var moved);
        return !memory.Write32(result, moved) ? Errno.Fault : errno;
    }
}
