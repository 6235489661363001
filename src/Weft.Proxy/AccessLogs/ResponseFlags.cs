using System.Text;

namespace Weft.Proxy.AccessLogs;

/// <summary>Why a request did not go as asked; the names are Envoy's short ones, in its order.</summary>
[Flags]
internal enum ResponseFlags
{
    None = 0,

    /// <summary>No healthy endpoint.</summary>
    UH = 1,

    /// <summary>The time for the request was over.</summary>
    UT = 2,

    /// <summary>No connection to the endpoint.</summary>
    UF = 4,

    /// <summary>The endpoint broke off.</summary>
    UC = 8,

    /// <summary>Too much under way.</summary>
    UO = 16,

    /// <summary>No route.</summary>
    NR = 32,

    /// <summary>Rate limited.</summary>
    RL = 64,

    /// <summary>The caller went away.</summary>
    DC = 128,

    /// <summary>As often tried as allowed.</summary>
    URX = 256,

    /// <summary>Nothing moved for too long.</summary>
    SI = 512,

    /// <summary>No such cluster.</summary>
    NC = 1024,

    /// <summary>The host's name has no address.</summary>
    DF = 2048,
}

internal static class ResponseFlagsText
{
    /// <summary>Separated by commas; a dash where there are none.</summary>
    public static string Text(this ResponseFlags flags)
    {
        if (flags == ResponseFlags.None)
        {
            return "-";
        }

        var text = new StringBuilder();
        for (var bit = 1; bit <= (int)flags; bit <<= 1)
        {
            if (((int)flags & bit) != 0)
            {
                text.Append(text.Length == 0 ? "" : ",").Append((ResponseFlags)bit);
            }
        }

        return text.ToString();
    }
}
