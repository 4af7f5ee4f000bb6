using FsCheck.Fluent;
using Wetware.Testing;

namespace Wetware.Core.Tests;

public class Crc32CTests
{
    [Fact]
    public void The_check_value_of_RFC_3720_holds() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Appending_in_pieces_equals_the_whole() =>
        Property.Check(
            ArbMap.Default.ArbFor<byte[]>(),
            data =>
            {
                var cut = data.Length / 3;
                return Crc32C.Append(Crc32C.Of(data.AsSpan(0, cut)), data.AsSpan(cut)) == Crc32C.Of(data);
            });
}
