using System.Collections.Frozen;

namespace Wetware.Host.Sessions;

/// <summary>The services that a session holds, by their names. Immutable.</summary>
public sealed class SessionGrant
{
    private readonly bool _isAllBut;
    private readonly FrozenSet<string> _names;

    private SessionGrant(bool isAllBut, IEnumerable<string> names) => (_isAllBut, _names) = (isAllBut, names.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Nothing: the login is refused.</summary>
    public static SessionGrant None { get; } = new(isAllBut: false, []);

    /// <summary>Every service of the node.</summary>
    public static SessionGrant All { get; } = new(isAllBut: true, []);

    /// <summary>Whether nothing is granted.</summary>
    public bool IsNone => !_isAllBut && _names.Count == 0;

    /// <summary>Some services.</summary>
    /// <param name="services">Names of services: those of <see cref="ServiceNames"/>, or of the node's own.</param>
    public static SessionGrant Of(params IEnumerable<string> services) => new(isAllBut: false, services);

    /// <summary>Whether a service is granted.</summary>
    public bool Includes(string service) => _names.Contains(service) != _isAllBut;

    /// <summary>The same without some services.</summary>
    public SessionGrant Without(params IReadOnlyCollection<string> services) =>
        new(_isAllBut, _isAllBut ? _names.Union(services) : _names.Except(services));

    /// <summary>As logs have it.</summary>
    public override string ToString() =>
        (_isAllBut ? "all" : _names.Count == 0 ? "nothing" : "") + (_isAllBut && _names.Count > 0 ? " but " : "") + string.Join(", ", _names.Order(StringComparer.Ordinal));
}
