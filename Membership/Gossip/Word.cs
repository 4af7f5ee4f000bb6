namespace Wetware.Membership.Gossip;

/// <summary>Something said about a member. It is only about the record with <paramref name="Seq"/>: a newer one has refuted it.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Subject">Of whom, by short name.</param>
/// <param name="Seq">Which of its records the speaker has.</param>
/// <param name="AgeMs">Of <see cref="WordKind.Vouch"/>: how long ago, in milliseconds.</param>
public readonly record struct Word(WordKind Kind, ulong Subject, ulong Seq, uint AgeMs);
