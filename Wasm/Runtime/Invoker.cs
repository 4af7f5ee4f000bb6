namespace Wetware.Wasm.Runtime;

/// <summary>Calls functions with values in arrays.</summary>
internal static class Invoker
{
    public delegate void Stub(InstanceContext context, nint code, Value[] arguments, Value[] results);

    public static Value[] Call(Store store, FuncRef function, Value[] arguments)
    {
        var parameters = function.Type.Parameters;
        if (arguments.Length != parameters.Length)
        {
            throw new ArgumentException($"the function is {function.Type}, but {arguments.Length} arguments are given", nameof(arguments));
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Type != parameters[i])
            {
                throw new ArgumentException($"the function is {function.Type}, but argument {i} is {arguments[i].Type}", nameof(arguments));
            }
        }

        if (function.Context.Instance is not { } owner)
        {
            throw new ArgumentException("the function is the host's own; call its delegate", nameof(function));
        }

        return Call(store, function, owner.Module.Code.Invoker(function.Type), arguments);
    }

    private static Value[] Call(Store store, FuncRef function, Stub stub, Value[] arguments)
    {
        var results = new Value[function.Type.Results.Length];
        store.Enter();
        try
        {
            stub(function.Context, function.Code, arguments, results);
        }
        catch (OverflowException fault)
        {
            throw GuestTrace.MemoryFault(fault);
        }
        finally
        {
            store.Leave();
        }

        return results;
    }
}
