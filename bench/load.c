/* Simulate many phones in one process, cheaply enough not to distort the measurement.
 *
 *   cc -O2 -o load bench/load.c
 *   ./load <port>[,<port>…] <code> <phones> <cards a second> <seconds> <warm-up seconds> <seed>
 *
 * All phones join over HTTP at once, each on its own connection; then all open a websocket at once (Engine.IO 4,
 * Socket.IO 5) and send their token. The phones are distributed over the ports. They send cards in turn. A rate
 * of 0 sends none; with a negative rate, each card is sent when the previous one is on every screen. Each phone
 * recognises a card by the number in its text. Prints one line of JSON: times in ms, and the share of a core used. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { JOINING, JOINED, SHAKING, OPENING, CONNECTED, GONE };
enum { BUFFER = 1 << 19, MOST_CARDS = 20000 };
static const double PATIENCE = 60, AFTERWARDS = 10;
static const char MARK[] = "\"text\":\"kort ";

struct phone {
    int fd, state;
    char token[256], *in;
    size_t got;
};
struct times {
    float *ms;
    size_t count, room;
};

static struct phone *phones;
static int wanted, poller, ports[64], doors, refused, lost, twice;
static const char *code;
static double sent[MOST_CARDS], measured_from;
static int seen[MOST_CARDS], cards;
static unsigned char *board; /* phone by card: 1 when received */
static struct times screens, acks;
static uint64_t dice;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static uint64_t throw_dice(void) {
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return dice;
}

static void keep(struct times *all, double seconds) {
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 65536;
        if (!(all->ms = realloc(all->ms, all->room * sizeof *all->ms))) fail("no memory");
    }
    all->ms[all->count++] = (float)(seconds * 1000);
}

static int by_size(const void *one, const void *other) {
    float a = *(const float *)one, b = *(const float *)other;
    return (a > b) - (a < b);
}

static double at(struct times *all, double share) {
    if (!all->count) return 0;
    size_t place = (size_t)(share * all->count);
    return all->ms[place < all->count ? place : all->count - 1];
}

static void gone(struct phone *phone) {
    if (phone->state == GONE) return;
    close(phone->fd);
    phone->state = GONE;
    lost++;
}

/* Phones send little, so a full buffer means that the server has stopped reading. */
static void put(struct phone *phone, const char *bytes, size_t length) {
    if (phone->state != GONE && write(phone->fd, bytes, length) != (ssize_t)length) gone(phone);
}

static void put_frame(struct phone *phone, const char *text) {
    size_t length = strlen(text), head = length < 126 ? 2 : 4;
    char frame[2048] = {(char)0x81};
    if (head == 2) frame[1] = (char)(0x80 | length);
    else frame[1] = (char)(0x80 | 126), frame[2] = (char)(length >> 8), frame[3] = (char)length;
    uint32_t mask = (uint32_t)throw_dice();
    memcpy(frame + head, &mask, 4);
    for (size_t i = 0; i < length; i++) frame[head + 4 + i] = text[i] ^ frame[head + i % 4];
    put(phone, frame, head + 4 + length);
}

static int port_of(const struct phone *phone) {
    return ports[(phone - phones) % doors];
}

static void dial(struct phone *phone, int state) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    to.sin_port = htons(port_of(phone));
    phone->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (phone->fd < 0) fail("no more files: raise ulimit -n");
    setsockopt(phone->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    phone->state = state, phone->got = 0;
    if (connect(phone->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail("no connection");
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = phone};
    epoll_ctl(poller, EPOLL_CTL_ADD, phone->fd, &event);
}

/* The connection is open: send its request. */
static void ask(struct phone *phone) {
    char text[1024], body[128];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = phone};
    epoll_ctl(poller, EPOLL_CTL_MOD, phone->fd, &event);
    if (phone->state == JOINING) {
        int length = snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
        snprintf(text, sizeof text,
                 "POST /api/join HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                 "Content-Length: %d\r\nConnection: close\r\n\r\n%s", port_of(phone), length, body);
    } else {
        snprintf(text, sizeof text,
                 "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", port_of(phone));
    }
    put(phone, text, strlen(text));
}

static void take_cards(struct phone *phone, const char *text, size_t length) {
    const char *end = text + length, *found;
    double time = now();
    while ((found = memmem(text, end - text, MARK, sizeof MARK - 1))) {
        text = found + sizeof MARK - 1;
        int card = atoi(text);
        if (card < 0 || card >= cards) continue;
        unsigned char *here = &board[(size_t)(phone - phones) * MOST_CARDS + card];
        if ((*here)++) {
            twice++;
            continue;
        }
        seen[card]++;
        if (sent[card] >= measured_from) keep(&screens, time - sent[card]);
    }
}

static void take_message(struct phone *phone, char *text, size_t length) {
    if (text[0] == '0') {
        char answer[512];
        snprintf(answer, sizeof answer, "40{\"token\":\"%s\"}", phone->token);
        put_frame(phone, answer);
    } else if (text[0] == '2') {
        put_frame(phone, "3");
    } else if (length > 1 && text[0] == '4') {
        if (text[1] == '0') phone->state = CONNECTED;
        if (text[1] == '4') refused++, gone(phone);
        if (text[1] == '2' && length > 12 && !memcmp(text + 4, "changes", 7)) take_cards(phone, text, length);
        if (text[1] == '3') {
            int card = atoi(text + 2);
            if (!memmem(text, length, "\"ok\":true", 9)) refused++;
            else if (card < cards && sent[card] >= measured_from) keep(&acks, now() - sent[card]);
        }
    }
}

/* Handle all complete frames; return how many bytes they had. */
static size_t take_frames(struct phone *phone) {
    size_t place = 0;
    while (phone->state != GONE && phone->got - place >= 2) {
        unsigned char *frame = (unsigned char *)phone->in + place;
        size_t length = frame[1] & 127, head = 2, left = phone->got - place;
        if (length == 126 && left >= 4) length = frame[2] << 8 | frame[3], head = 4;
        else if (length == 127 && left >= 10) {
            length = 0, head = 10;
            for (int i = 2; i < 10; i++) length = length << 8 | frame[i];
        } else if (length > 125) break;
        if (head + length > BUFFER) fail("a frame is too long");
        if (left < head + length) break;
        if ((frame[0] & 15) == 8) gone(phone);
        else if ((frame[0] & 15) == 1 && length) take_message(phone, (char *)frame + head, length);
        place += head + length;
    }
    return place;
}

static void take(struct phone *phone) {
    ssize_t more = read(phone->fd, phone->in + phone->got, BUFFER - phone->got - 1);
    if (more <= 0) {
        if (more < 0 && errno == EAGAIN) return;
        if (phone->state == JOINING) refused++;
        if (phone->state != JOINED) gone(phone);
        return;
    }
    phone->got += more, phone->in[phone->got] = 0;
    if (phone->state == JOINING) {
        char *token = strstr(phone->in, "\"token\":");
        if (!token || !(token = strchr(token + 8, '"')) || !strchr(token + 1, '"')) return;
        snprintf(phone->token, sizeof phone->token, "%.*s", (int)strcspn(token + 1, "\""), token + 1);
        phone->state = JOINED;
        close(phone->fd);
        return;
    }
    size_t used = 0;
    if (phone->state == SHAKING) {
        char *end = strstr(phone->in, "\r\n\r\n");
        if (!end) return;
        if (!strstr(phone->in, " 101 ")) {
            refused++, gone(phone);
            return;
        }
        used = end + 4 - phone->in, phone->state = OPENING;
        memmove(phone->in, phone->in + used, phone->got -= used);
    }
    used = take_frames(phone);
    if (used && phone->state != GONE) memmove(phone->in, phone->in + used, phone->got -= used);
}

static void turn(double until) {
    static struct epoll_event events[512];
    double wait = (until - now()) * 1000;
    int count = epoll_wait(poller, events, 512, wait > 0 ? (int)ceil(wait) : 0);
    for (int i = 0; i < count; i++) {
        struct phone *phone = events[i].data.ptr;
        if (phone->state == GONE || phone->state == JOINED) continue;
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take(phone);
        else if (phone->state == JOINING || phone->state == SHAKING) ask(phone);
    }
}

static double wave(int from, int to) {
    double began = now();
    for (int i = 0; i < wanted; i++)
        if (phones[i].state != GONE) dial(&phones[i], from);
    for (int ready = 0; ready < wanted - lost && now() < began + PATIENCE;) {
        turn(now() + 0.1);
        for (ready = 0; ready < wanted && (phones[ready].state == to || phones[ready].state == GONE);) ready++;
        if (ready == wanted) break;
    }
    for (int i = 0; i < wanted; i++)
        if (phones[i].state != to) gone(&phones[i]);
    return now() - began;
}

static void send_card(void) {
    char text[1024];
    struct phone *phone = &phones[throw_dice() % wanted];
    if (cards == MOST_CARDS) fail("too many cards");
    snprintf(text, sizeof text,
             "42%d[\"card:add\",{\"uuid\":\"%08x-%04x-4%03x-8%03x-%012llx\","
             "\"text\":\"kort %d Fler bänkar längs gångvägen vid ån, så att alla orkar hela vägen.\"}]",
             cards, (unsigned)throw_dice(), (unsigned)throw_dice() & 0xffff, (unsigned)throw_dice() & 0xfff,
             (unsigned)throw_dice() & 0xfff, (unsigned long long)throw_dice() & 0xffffffffffff, cards);
    sent[cards++] = now();
    put_frame(phone, text);
}

static int missing(void) {
    int found = 0;
    for (int card = 0; card < cards; card++) found += wanted - lost - seen[card];
    return found;
}

static double cpu(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

int main(int count, char **given) {
    if (count != 8) fail("port code phones rate seconds warm-up seed");
    for (char *next = given[1]; doors < 64 && *next; next += *next == ',') ports[doors++] = (int)strtol(next, &next, 10);
    if (!doors) fail("no port");
    code = given[2], wanted = atoi(given[3]);
    double rate = atof(given[4]), seconds = atof(given[5]), warm_up = atof(given[6]);
    dice = strtoull(given[7], NULL, 10) * 2654435761u + 88172645463325252u;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
    phones = calloc(wanted, sizeof *phones), board = calloc(wanted, MOST_CARDS), poller = epoll_create1(0);
    for (int i = 0; i < wanted; i++)
        if (!(phones[i].in = malloc(BUFFER))) fail("no memory");
    double joined = wave(JOINING, JOINED), connected = wave(SHAKING, CONNECTED);
    double began = now(), next = began;
    measured_from = began + warm_up;
    double end = measured_from + seconds, used = 0;
    while (rate && now() < end) {
        if (!used && now() >= measured_from) used = cpu();
        if (rate > 0) {
            for (; next <= now(); next += 1 / rate) send_card();
            turn(next < end ? next : end);
        } else {
            if (!cards || seen[cards - 1] >= wanted - lost) send_card();
            turn(end);
        }
    }
    used = cpu() - used;
    size_t delivered = screens.count;
    for (end = now() + AFTERWARDS; missing() && now() < end;) turn(end);
    qsort(screens.ms, screens.count, sizeof(float), by_size);
    qsort(acks.ms, acks.count, sizeof(float), by_size);
    printf("{\"phones\":%d,\"lost\":%d,\"refused\":%d,\"cards\":%d,\"missing\":%d,\"twice\":%d,"
           "\"joins_ms\":%.0f,\"sockets_ms\":%.0f,\"ack_p50_ms\":%.2f,\"ack_p95_ms\":%.2f,"
           "\"seen_p50_ms\":%.2f,\"seen_p95_ms\":%.2f,\"seen_max_ms\":%.2f,\"deliveries_per_second\":%.0f,"
           "\"client_core_share\":%.2f}\n",
           wanted, lost, refused, cards, missing(), twice, joined * 1000, connected * 1000, at(&acks, .5),
           at(&acks, .95), at(&screens, .5), at(&screens, .95), at(&screens, 1), seconds ? delivered / seconds : 0,
           rate && seconds ? used / seconds : 0);
    return 0;
}
