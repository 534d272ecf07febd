package dev.backpop.producer.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between clients and a server on the loopback address, and cuts, delays or half-closes what goes through it.
 * Thread-safe.
 */
final class Relay implements AutoCloseable {
    private final int server;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean refusing;
    private volatile boolean swallowing;

    private Relay(int server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** @param port where the server listens */
    static Relay to(int port) {
        try {
            Relay relay = new Relay(port, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
            background("relay", relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends every connection now; new ones may be made. */
    void cut() {
        links.forEach(Link::close);
    }

    /** Ends new connections as soon as they are made, or no longer. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** How much later everything arrives, each way. */
    void delay(Duration each) {
        delay = each;
    }

    /** Ends the way from the server to the client of every connection, and leaves the other open. */
    void halfClose() {
        links.forEach(Link::halfClose);
    }

    /** Takes what comes and passes nothing on, without a word to either side, until false: then all links are cut. */
    void swallow(boolean swallow) {
        swallowing = swallow;
        if (!swallow) {
            cut();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                acceptOne();
            } catch (IOException e) {
                // Closed, or the server refused: the client sees its connection end.
                cutWhenClosed();
            }
        }
    }

    private void cutWhenClosed() {
        if (listener.isClosed()) {
            cut();
        }
    }

    private void acceptOne() throws IOException {
        Socket client = listener.accept();
        if (refusing) {
            client.close();
        } else {
            connect(client);
        }
    }

    private void connect(Socket client) throws IOException {
        Socket onward = new Socket();
        try {
            onward.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server), 2_000);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        client.setTcpNoDelay(true);
        onward.setTcpNoDelay(true);
        Link link = new Link(client, onward);
        links.add(link);
        background("relay-there", () -> pump(link, client, onward));
        background("relay-back", () -> pump(link, onward, client));
    }

    private void pump(Link link, Socket from, Socket to) {
        byte[] buffer = new byte[65_536];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                long until = System.nanoTime() + delay.toNanos();
                for (long left = delay.toNanos(); left > 0; left = until - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (!swallowing) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (SocketException e) {
            // One side has gone; so does the other.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            link.close();
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private final class Link {
        private final Socket client;
        private final Socket server;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void halfClose() {
            try {
                client.shutdownOutput();
            } catch (IOException e) {
                close();
            }
        }

        void close() {
            links.remove(this);
            try (client) {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
