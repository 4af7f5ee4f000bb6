using System.Runtime.CompilerServices;

namespace Wetware.Membership.Wire;

/// <summary>
/// Remembers which numbers came, so that each is taken once: the highest, and a bitmap of those shortly below it (as in RFC 4303,
/// section 3.4.3). What is further below is taken for a replay.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>How far below the highest a number may still be new.</summary>
    internal const int Width = 1024;

    private ulong _highest;
    private Bits _bits;

    /// <summary>Takes a number; false if it came before or is too old to tell.</summary>
    internal bool TryTake(ulong number)
    {
        if (number > _highest)
        {
            // The places that the window moves over belong to numbers that did not come yet.
            var steps = Math.Min(number - _highest, Width);
            for (var i = 1UL; i <= steps; i++)
            {
                Clear(_highest + i);
            }

            _highest = number;
            Mark(number);
            return true;
        }

        if (number == 0 || _highest - number >= Width || IsMarked(number))
        {
            return false;
        }

        Mark(number);
        return true;
    }

    private readonly bool IsMarked(ulong number) => (_bits[(int)(number % Width) / 64] >> (int)(number % 64) & 1) != 0;

    private void Mark(ulong number) => _bits[(int)(number % Width) / 64] |= 1UL << (int)(number % 64);

    private void Clear(ulong number) => _bits[(int)(number % Width) / 64] &= ~(1UL << (int)(number % 64));

    [InlineArray(Width / 64)]
    private struct Bits
    {
        private ulong _first;
    }
}
