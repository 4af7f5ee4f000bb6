using Microsoft.Extensions.Configuration;
using Wetware.Core;

namespace Wetware.Host.Hosting;

/// <summary>Reads the options of a node from a configuration.</summary>
internal static class OptionsBinder
{
    /// <summary>The defaults, changed by what a section says.</summary>
    /// <exception cref="WetwareOptionsException">A name or a value in the section is not known.</exception>
    public static WetwareOptions Bind(IConfiguration section)
    {
        // The binder adds to a list that is there. A section that names addresses means these, and not the default beside them.
        var options = WetwareOptions.Default with { };
        if (section.GetSection(nameof(WetwareOptions.Listen)).Exists())
        {
            options = options with { Listen = [] };
        }

        try
        {
            section.Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (InvalidOperationException failure)
        {
            throw new WetwareOptionsException(failure.Message + (failure.InnerException is { } inner ? ": " + inner.Message : ""));
        }
    }
}
