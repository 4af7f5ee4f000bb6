using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>A question of this side whose results are those of a call that the peer made here.</summary>
/// <param name="QuestionId">Its id.</param>
/// <param name="Question">Its entry.</param>
/// <param name="Generation">Which use of the entry is meant.</param>
internal sealed record QuestionTaker(uint QuestionId, Question Question, uint Generation) : Taker;
