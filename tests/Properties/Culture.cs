using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>Another culture for a moment.</summary>
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
