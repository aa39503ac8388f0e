using MySqlConnector;

namespace FaceSearch.Infrastructure.Persistence.MySql;

/// <summary>Which errors of a MySQL server are transient.</summary>
internal static class MySqlErrors
{
    /// <summary>Beside those that MySqlConnector itself calls transient: deadlocks, lock waits, no connection.</summary>
    public static readonly MySqlErrorCode[] AlsoTransient =
    [
        MySqlErrorCode.ServerShutdown, MySqlErrorCode.NormalShutdown, MySqlErrorCode.ShutdownComplete,
        MySqlErrorCode.QueryInterrupted,
    ];

    private static readonly MySqlErrorCode[] DiskFull = [MySqlErrorCode.DiskFull, MySqlErrorCode.RecordFileFull];

    /// <summary>
    /// A broken connection has no error code of the server, only the socket's exception. Without both it is an error of
    /// the caller, such as a missing parameter.
    /// </summary>
    public static bool Pass(Exception exception) => exception switch
    {
        MySqlException { IsTransient: true } => true,
        MySqlException mySql when AlsoTransient.Contains(mySql.ErrorCode) || DiskFull.Contains(mySql.ErrorCode) => true,
        MySqlException { InnerException: IOException or System.Net.Sockets.SocketException } => true,
        MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired } => true,
        _ => false,
    };
}
