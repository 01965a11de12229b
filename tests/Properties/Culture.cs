using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>Runs an action under another culture.</summary>
internal static class Culture
{
    public static T Run<T>(string culture, Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
