namespace Wetware.Host.Services.Anchors;

/// <summary>Hands a value over, or gives it back.</summary>
internal static class Owned
{
    /// <summary>Disposes of a value unless a taker takes it.</summary>
    public static bool Try(Register value, Func<Register, bool> take)
    {
        var isTaken = false;
        try
        {
            return isTaken = take(value);
        }
        finally
        {
            if (!isTaken)
            {
                value.Dispose();
            }
        }
    }
}
