namespace Wetware.Wasm.Wasi;

/// <summary>
/// WASI preview 1, and module "ww" where a socket is given, for one guest. Offer it to an instance with <see cref="Define"/>, run the
/// instance with <see cref="Run"/>, and dispose of it: that closes what the guest left open.
/// </summary>
public sealed class WasiProcess : IDisposable
{
    /// <summary>The module that preview 1 is imported from.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    /// <summary>The descriptor of the first preopened folder.</summary>
    public const int FirstPreopen = 3;

    /// <summary>The descriptor of the socket of module "ww": away from the folders, which C libraries look for from 3 on without a gap.</summary>
    public const int SocketDescriptorNumber = 1000;

    /// <summary>Bytes of a path.</summary>
    internal const int PathBytesMax = 4096;

    private readonly Dictionary<int, Descriptor> _descriptors = [];

    /// <summary>Prepares what the options grant.</summary>
    public WasiProcess(WasiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        options.Validate();
        _descriptors[0] = new InputDescriptor(options.Input);
        _descriptors[1] = new OutputDescriptor(options.Output);
        _descriptors[2] = new OutputDescriptor(options.Error);
        for (var i = 0; i < options.Preopens.Count; i++)
        {
            var preopen = options.Preopens[i];
            var root = new DirectoryInfo(preopen.HostPath).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(preopen.HostPath);
            if (!Directory.Exists(root))
            {
                throw new DirectoryNotFoundException($"the preopened folder {preopen.HostPath} does not exist");
            }

            _descriptors[FirstPreopen + i] = new DirectoryDescriptor(root, [], preopen.Writable, preopen.GuestPath);
        }

        if (options.Socket is { } socket)
        {
            _descriptors[SocketDescriptorNumber] = new SocketDescriptor(socket);
        }
    }

    internal WasiOptions Options { get; }

    /// <summary>Offers the functions of preview 1, and of "ww" when there is a socket.</summary>
    public Imports Define(Imports imports)
    {
        ArgumentNullException.ThrowIfNull(imports);
        new EnvironmentFunctions(this).Define(imports);
        new DescriptorFunctions(this).Define(imports);
        new TransferFunctions(this).Define(imports);
        new PathFunctions(this).Define(imports);
        new PollFunctions(this).Define(imports);
        if (Options.Socket is not null)
        {
            new SocketFunctions(this).Define(imports);
        }

        return imports;
    }

    /// <summary>Runs a program's <c>_start</c> and gives its exit code.</summary>
    /// <exception cref="ArgumentException">The instance exports no <c>_start</c>.</exception>
    /// <exception cref="TrapException">The guest trapped or was stopped.</exception>
    public static uint Run(Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var start = instance.Function<Action>("_start") ?? throw new ArgumentException("the module exports no _start", nameof(instance));
        try
        {
            start();
            return 0;
        }
        catch (WasiExitException exit)
        {
            return exit.Code;
        }
        catch (OperationCanceledException) when (instance.Store.Stopping.IsCancellationRequested)
        {
            // A host function was waiting when the guest was stopped.
            throw instance.Store.StoppedTrap();
        }
    }

    /// <summary>Closes all descriptors.</summary>
    public void Dispose()
    {
        foreach (var descriptor in _descriptors.Values)
        {
            descriptor.Close();
        }

        _descriptors.Clear();
    }

    internal Descriptor? Find(int number) => _descriptors.GetValueOrDefault(number);

    /// <summary>Gives a descriptor the lowest free number, or -1 where <see cref="WasiOptions.DescriptorsMax"/> are open.</summary>
    internal int Add(Descriptor descriptor)
    {
        if (_descriptors.Count >= Options.DescriptorsMax)
        {
            return -1;
        }

        var number = 0;
        while (_descriptors.ContainsKey(number))
        {
            number++;
        }

        _descriptors.Add(number, descriptor);
        return number;
    }

    internal Errno Close(int number)
    {
        if (!_descriptors.Remove(number, out var descriptor))
        {
            return Errno.BadF;
        }

        descriptor.Close();
        return Errno.Success;
    }

    internal Errno Renumber(int from, int to)
    {
        if (!_descriptors.ContainsKey(to) || !_descriptors.TryGetValue(from, out var moved))
        {
            return Errno.BadF;
        }

        if (from != to)
        {
            Close(to);
            _descriptors.Remove(from);
            _descriptors.Add(to, moved);
        }

        return Errno.Success;
    }
}
