using System.Globalization;

namespace Instrumentator;

/// <summary>The rule of the status label: the class of the status, <c>2xx</c>, or the number.</summary>
public static class StatusLabel
{
    /// <summary>The label of all statuses outside 100 to 599.</summary>
    public const string Other = "other";

    private const int First = 100;
    private const int Last = 599;

    private static readonly string[] _groups = [Other, "1xx", "2xx", "3xx", "4xx", "5xx"];

    /// <summary>The label of a status.</summary>
    /// <param name="status">The status; outside 100 to 599 it is <see cref="Other"/>.</param>
    /// <param name="config">Tells whether statuses are grouped, <see cref="Config.GroupStatusCodes"/>.</param>
    public static string Of(int status, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Label(IndexOf(status, config.GroupStatusCodes), config.GroupStatusCodes);
    }

    /// <summary>The group of a label: <c>2xx</c> for <c>204</c>. Grouping a group changes nothing.</summary>
    /// <param name="status">A status or a group; anything else is <see cref="Other"/>.</param>
    public static string Group(string? status) => status switch
    {
        [>= '1' and <= '5', 'x', 'x'] => status,
        [>= '1' and <= '5', >= '0' and <= '9', >= '0' and <= '9'] => _groups[status[0] - '0'],
        _ => Other,
    };

    internal static int Count(bool grouped) => grouped ? _groups.Length : Last - First + 2;

    /// <summary>Where a status's label stands among all; 0 is the other.</summary>
    internal static int IndexOf(int status, bool grouped) => status is < First or > Last ? 0 : grouped ? status / 100 : status - First + 1;

    internal static string Label(int index, bool grouped) =>
        grouped ? _groups[index] : index == 0 ? Other : (index + First - 1).ToString(CultureInfo.InvariantCulture);
}
