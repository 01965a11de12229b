using System.Globalization;

namespace Instrumentator;

/// <summary>The rule for the status label: the class of the status code, <c>2xx</c>, or the number.</summary>
internal static class StatusLabel
{
    /// <summary>The label of all status codes outside 100 to 599.</summary>
    public const string Other = "other";

    /// <summary>The status code of a request that its client aborted. It is not in any RFC; it comes from
    /// nginx.</summary>
    internal const int Aborted = 499;

    private const int First = 100;
    private const int Last = 599;

    private static readonly string[] _groups = [Other, "1xx", "2xx", "3xx", "4xx", "5xx", "499"];

    /// <summary>Returns the label of a status code.</summary>
    /// <param name="status">The status code; outside 100 to 599 it is <see cref="Other"/>.</param>
    /// <param name="config">Decides whether status codes are grouped: <see cref="Config.GroupStatusCodes"/>.</param>
    public static string Of(int status, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var groups = GroupsOf(config);
        return Label(IndexOf(status, groups), groups);
    }

    /// <summary>Returns the group of a label: <c>2xx</c> for <c>204</c>. Grouping a group changes nothing.</summary>
    /// <param name="status">A status code or a group; anything else is <see cref="Other"/>.</param>
    public static string Group(string? status) => status switch
    {
        [>= '1' and <= '5', 'x', 'x'] => status,
        [>= '1' and <= '5', >= '0' and <= '9', >= '0' and <= '9'] => _groups[status[0] - '0'],
        _ => Other,
    };

    /// <summary>Returns the set of labels that a configuration uses.</summary>
    internal static StatusGroups GroupsOf(Config config) =>
        !config.GroupStatusCodes ? StatusGroups.None
        : config.ClientAborts == ClientAborts.OwnGroup ? StatusGroups.ClassesAndAborts
        : StatusGroups.Classes;

    internal static int Count(StatusGroups groups) => groups == StatusGroups.None ? Last - First + 2 : _groups.Length;

    /// <summary>Returns the index of a status code's label; 0 is the other label.</summary>
    internal static int IndexOf(int status, StatusGroups groups) =>
        status is < First or > Last ? 0
        : groups == StatusGroups.Classes ? status / 100
        : groups == StatusGroups.None ? status - First + 1
        : status == Aborted ? _groups.Length - 1 : status / 100;

    internal static string Label(int index, StatusGroups groups) =>
        groups != StatusGroups.None ? _groups[index]
        : index == 0 ? Other
        : (index + First - 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>The possible sets of status labels.</summary>
internal enum StatusGroups
{
    /// <summary>One label for each status code.</summary>
    None,

    /// <summary>One label for each class, the first digit.</summary>
    Classes,

    /// <summary>One label for each class, and one for requests that their clients aborted.</summary>
    ClassesAndAborts,
}
