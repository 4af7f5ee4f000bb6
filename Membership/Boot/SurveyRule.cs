using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>
/// Who answers a survey, by Wetware's rule: take the last four bytes of both peer ids, the very last as the most significant, and their
/// exclusive or as a number of 32 bits; a peer answers a survey of distance d if no bit from the d-th up is set. So at 0 only an id with
/// the same last four bytes answers, at 31 about every second peer, at 32 and above every one; each step doubles how many do.
/// </summary>
public static class SurveyRule
{
    /// <summary>From this distance on everybody answers.</summary>
    public const byte Everybody = 32;

    /// <summary>Whether a peer answers a survey.</summary>
    public static bool Answers(in PeerId self, in PeerId asker, byte distance) =>
        distance >= Everybody || (Last(in self) ^ Last(in asker)) >> distance == 0;

    private static uint Last(in PeerId id) =>
        id.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(id.Bytes[^sizeof(uint)..]) : 0;
}
