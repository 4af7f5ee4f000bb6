using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Membership.Routing;

/// <summary>
/// Records by slot number, in a tree of fixed depth that is copied on write like <see cref="OrderedIndex"/>: a record that is replaced
/// leaves every index as it is, because the indexes only know its slot.
/// </summary>
internal struct SlotStore
{
    private const int FanOutBits = 7;
    private const int FanOut = 1 << FanOutBits;
    private const int FanOutMask = FanOut - 1;

    /// <summary>How many slots there are.</summary>
    internal const int SlotsMax = FanOut * FanOut * FanOut;

    private Top? _top;

    /// <summary>The record in a slot that was written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly ref readonly PeerRecord Read(int slot) =>
        ref _top!.Children[slot >> (2 * FanOutBits)]!.Children[(slot >> FanOutBits) & FanOutMask]!.Records[slot & FanOutMask];

    /// <summary>The record in a slot, to be changed in <paramref name="epoch"/>.</summary>
    internal ref PeerRecord Edit(int slot, ulong epoch)
    {
        Invariant.Check((uint)slot < SlotsMax);
        if (_top is null || _top.Epoch != epoch)
        {
            _top = new Top(_top, epoch);
        }

        ref var middle = ref _top.Children[slot >> (2 * FanOutBits)];
        if (middle is null || middle.Epoch != epoch)
        {
            middle = new Middle(middle, epoch);
        }

        ref var bottom = ref middle.Children[(slot >> FanOutBits) & FanOutMask];
        if (bottom is null || bottom.Epoch != epoch)
        {
            bottom = new Bottom(bottom, epoch);
        }

        return ref bottom.Records[slot & FanOutMask];
    }

    /// <summary>
    /// The first slot from <paramref name="from"/> on that holds something else in one store than in the other, or -1. Parts that neither has
    /// written to since they were one are passed over whole.
    /// </summary>
    internal static int NextDifference(in SlotStore one, in SlotStore other, int from)
    {
        if (ReferenceEquals(one._top, other._top))
        {
            return -1;
        }

        for (var slot = from; slot < SlotsMax;)
        {
            var (middle, otherMiddle) = (one.MiddleOf(slot), other.MiddleOf(slot));
            if (ReferenceEquals(middle, otherMiddle))
            {
                slot = (slot | ((FanOut * FanOut) - 1)) + 1;
                continue;
            }

            var (bottom, otherBottom) = (BottomOf(middle, slot), BottomOf(otherMiddle, slot));
            if (ReferenceEquals(bottom, otherBottom))
            {
                slot = (slot | FanOutMask) + 1;
                continue;
            }

            if (In(bottom, slot) != In(otherBottom, slot))
            {
                return slot;
            }

            slot++;
        }

        return -1;
    }

    /// <summary>The record in any slot; all zero if it holds none.</summary>
    internal readonly PeerRecord ReadAny(int slot) => In(BottomOf(MiddleOf(slot), slot), slot);

    private static Bottom? BottomOf(Middle? middle, int slot) => middle?.Children[(slot >> FanOutBits) & FanOutMask];

    private static PeerRecord In(Bottom? bottom, int slot) => bottom is null ? default : bottom.Records[slot & FanOutMask];

    private readonly Middle? MiddleOf(int slot) => _top?.Children[slot >> (2 * FanOutBits)];

    private sealed class Top
    {
        internal readonly ulong Epoch;
        internal MiddleArray Children;

        internal Top(Top? from, ulong epoch)
        {
            Epoch = epoch;
            Children = from is null ? default : from.Children;
        }
    }

    private sealed class Middle
    {
        internal readonly ulong Epoch;
        internal BottomArray Children;

        internal Middle(Middle? from, ulong epoch)
        {
            Epoch = epoch;
            Children = from is null ? default : from.Children;
        }
    }

    private sealed class Bottom
    {
        internal readonly ulong Epoch;
        internal RecordArray Records;

        internal Bottom(Bottom? from, ulong epoch)
        {
            Epoch = epoch;
            Records = from is null ? default : from.Records;
        }
    }

    [InlineArray(FanOut)]
    private struct MiddleArray
    {
        private Middle? _first;
    }

    [InlineArray(FanOut)]
    private struct BottomArray
    {
        private Bottom? _first;
    }

    [InlineArray(FanOut)]
    private struct RecordArray
    {
        private PeerRecord _first;
    }
}
