/* start-time: how long a server takes from its start to its first answer, and what is resident a second later.
 *   start-time PORT COMMAND...
 * The answer is a 200 to GET / on that loopback port. Prints one line of JSON; the server is ended with SIGTERM. What it
 * says goes nowhere, unless it ends by itself. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "usage.h"

enum { PATIENCE_MS = 30000, PAUSE_US = 200 };

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static bool answers(in_port_t port) {
    static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[sizeof "HTTP/1.1 200"] = "";
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = connect(fd, (struct sockaddr *)&to, sizeof to) == 0
                && send(fd, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) == sizeof REQUEST - 1
                && recv(fd, answer, sizeof answer - 1, MSG_WAITALL) == sizeof answer - 1
                && strcmp(answer, "HTTP/1.1 200") == 0;
    close(fd);
    return good;
}

static pid_t start(char **command) {
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    return child;
}

/* The process and its children: nginx has a worker. */
static void family(pid_t parent, char *list, size_t room) {
    char path[64];
    char children[512] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    FILE *file = fopen(path, "r");
    if (file != NULL) {
        children[fread(children, 1, sizeof children - 1, file)] = 0;
        fclose(file);
    }
    int length = snprintf(list, room, "%d", parent);
    char *rest = children;
    for (char *pid = strsep(&rest, " "); pid != NULL; pid = strsep(&rest, " ")) {
        if (*pid != 0) {
            length += snprintf(list + length, room - (size_t)length, ",%s", pid);
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: start-time PORT COMMAND...\n");
        return 2;
    }
    in_port_t port = (in_port_t)atoi(argv[1]);
    double began = now_ms();
    pid_t child = start(argv + 2);
    while (!answers(port)) {
        if (waitpid(child, NULL, WNOHANG) != 0 || now_ms() - began > PATIENCE_MS) {
            fprintf(stderr, "start-time: %s ended, or did not answer in %d s\n", argv[2], PATIENCE_MS / 1000);
            kill(child, SIGTERM);
            return 1;
        }
        usleep(PAUSE_US);
    }
    double ready = now_ms() - began;
    sleep(1);
    char list[1024];
    family(child, list, sizeof list);
    struct usage used = usage_of(list);
    printf("{\"ready_ms\":%.2f,\"resident_kib\":%ld,\"cpu_ms\":%.0f}\n",
           ready,
           used.resident_kib,
           used.cpu_seconds * 1e3);
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    return 0;
}
