package dev.backpop.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that are read in large pieces. The PostgreSQL driver asks for 8 KiB at a time, and cannot be told otherwise; with
 * rows in the millions those calls cost as much as the comparison of what they bring. Thread-safe; public because
 * the driver makes it by its name.
 */
public final class BufferedSockets extends SocketFactory {
    private static final int BUFFER = 128 << 10;

    @Override
    public Socket createSocket() {
        return new BufferedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw connected();
    }

    private static IOException connected() {
        return new IOException("these sockets are connected by who asks for them");
    }

    private static final class BufferedSocket extends Socket {
        private @Nullable InputStream buffered;

        @Override
        public synchronized InputStream getInputStream() throws IOException {
            InputStream input = buffered;
            if (input == null) {
                input = new BufferedInputStream(super.getInputStream(), BUFFER);
                buffered = input;
            }
            return input;
        }
    }
}
