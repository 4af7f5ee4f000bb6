using Wetware.Core;
using Wetware.Capnp;

namespace Wetware.Fuzz.Capnp;

/// <summary>Builds messages of random shape.</summary>
internal sealed class MessageGrower(ulong seed)
{
    private Prng _random = new(seed);

    public void Grow(PointerBuilder pointer, int depth)
    {
        switch (_random.Below(depth <= 0 ? 4UL : 8))
        {
            case 0:
                pointer.SetText("text " + _random.Below(1000));
                break;
            case 1:
                var size = (ElementSize)_random.Below(6);
                var list = pointer.InitList(size, (int)_random.Below(40));
                for (var i = 0; i < list.Count && size == ElementSize.EightBytes; i++)
                {
                    list.SetScalar(i, _random.Next());
                }

                break;
            case 2:
                pointer.SetCapabilityIndex((uint)_random.Below(4));
                break;
            case 3:
                break;
            case 4:
                var pointers = pointer.InitList(ElementSize.Pointer, (int)_random.Below(5));
                for (var i = 0; i < pointers.Count; i++)
                {
                    Grow(pointers.GetPointer(i), depth - 1);
                }

                break;
            case 5:
                var structs = pointer.InitStructList(Size(), (int)_random.Below(5));
                for (var i = 0; i < structs.Count; i++)
                {
                    Fill(structs.GetStruct(i), depth - 1);
                }

                break;
            default:
                Fill(pointer.InitStruct(Size()), depth - 1);
                break;
        }
    }

    /// <summary>Changes a message in every way that builders offer.</summary>
    public void Operate(MessageBuilder message)
    {
        var root = message.Root;
        using var orphan = root.Disown();
        var holder = root.InitStruct(new StructSize(1, 3));
        holder.GetPointer(0).Adopt(orphan);
        switch (holder.GetPointer(0).Kind)
        {
            case PointerKind.Struct:
                var grown = holder.GetPointer(0).GetStruct(Size());
                for (var i = 0; i < grown.StructSize.PointerCount; i++)
                {
                    using var inner = grown.GetPointer(i).Disown();
                    holder.GetPointer(1).Adopt(inner);
                }

                break;
            // A list of none can claim elements of half a megabyte each; who resizes it asks for them.
            case PointerKind.List when holder.GetPointer(0).GetList().StructSize.TotalWords < 100:
                _ = holder.GetPointer(0).ResizeList((int)_random.Below(50));
                if (holder.GetPointer(0).GetList().ElementSize != ElementSize.Bit)
                {
                    _ = holder.GetPointer(0).GetStructList(Size());
                }

                _ = holder.GetPointer(0).ResizeList((int)_random.Below(50));
                break;
            default:
                break;
        }

        holder.GetPointer(2).Set(holder.GetPointer(0).AsReader());
        holder.GetPointer(0).Clear();
    }

    private void Fill(StructBuilder target, int depth)
    {
        for (var i = 0; i < target.StructSize.DataWords; i++)
        {
            target.SetUInt64(i, _random.Below(3) == 0 ? 0 : _random.Next());
        }

        for (var i = 0; i < target.StructSize.PointerCount; i++)
        {
            Grow(target.GetPointer(i), depth);
        }
    }

    private StructSize Size() => new((ushort)_random.Below(4), (ushort)_random.Below(4));
}
