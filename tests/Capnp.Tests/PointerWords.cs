namespace Wetware.Capnp.Tests;

/// <summary>Pointers as the words that tests lay messages out of.</summary>
internal static class PointerWords
{
    extension(WirePointer pointer)
    {
        /// <summary>The pointer's eight bytes as a number.</summary>
        public ulong Word
        {
            get
            {
                var bytes = new byte[8];
                pointer.Store(bytes, 0);
                return BitConverter.ToUInt64(bytes);
            }
        }
    }
}
