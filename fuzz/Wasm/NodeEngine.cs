using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Wetware.Fuzz.Wasm;

/// <summary>Runs modules under node's WebAssembly, many in one process.</summary>
internal static class NodeEngine
{
    private const string Script = """
        const work = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const f = new DataView(new ArrayBuffer(8));
        const decode = (type, bits) => {
          if (type === 127) return Number(BigInt.asIntN(32, BigInt(bits)));
          if (type === 126) return BigInt.asIntN(64, BigInt(bits));
          f.setBigInt64(0, BigInt(bits));
          return type === 125 ? f.getFloat32(4) : f.getFloat64(0);
        };
        const encode = (type, value) => {
          if (type === 127 || type === 126) return String(value);
          if (Number.isNaN(value)) return 'nan';
          if (type === 125) { f.setFloat32(0, value); return String(f.getInt32(0)); }
          f.setFloat64(0, value);
          return String(f.getBigInt64(0));
        };
        for (const item of work) {
          const bytes = Buffer.from(item.module, 'base64');
          if (!item.calls) { console.log(WebAssembly.validate(bytes) ? 'valid' : 'invalid'); continue; }
          const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
          const out = [];
          for (const call of item.calls) {
            let said;
            try { said = encode(call.result, instance.exports[call.name](...call.args.map(a => decode(a[0], a[1])))); }
            catch (e) { if (!(e instanceof WebAssembly.RuntimeError)) throw e; said = 'trap'; }
            out.push(said);
          }
          let sum = 0;
          for (const part of new Uint8Array(instance.exports.memory.buffer)) sum = (Math.imul(sum, 31) + part) >>> 0;
          out.push(String(sum));
          console.log(out.join(' '));
        }
        """;

    /// <summary>One line for each item, or null where node is not installed.</summary>
    public static string[]? Run(IEnumerable<object> items)
    {
        Process node;
        try
        {
            node = Process.Start(new ProcessStartInfo("node", ["-e", Script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
            })!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (node)
        {
            node.StandardInput.Write(JsonSerializer.Serialize(items));
            node.StandardInput.Close();
            var output = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
