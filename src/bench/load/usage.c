#define _GNU_SOURCE
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct usage usage_of_one(const char *pid) {
    char path[64];
    char text[1024] = "";
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    unsigned long user;
    unsigned long system;
    long pages;
    const char *behind_name = NULL;
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
        behind_name = strrchr(text, ')'); /* a program's name may hold blanks and parentheses */
    }
    if (behind_name == NULL
        || sscanf(behind_name + 2,
                  "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld",
                  &user,
                  &system,
                  &pages)
               != 3) {
        fprintf(stderr, "process %s: no usage to be read\n", pid);
        exit(1);
    }
    return (struct usage){
        .cpu_seconds = (double)(user + system) / (double)sysconf(_SC_CLK_TCK),
        .resident_kib = pages * (sysconf(_SC_PAGESIZE) / 1024)};
}

struct usage usage_of(const char *pids) {
    struct usage sum = {0};
    char *list = pids == NULL ? NULL : strdup(pids);
    char *rest = list;
    for (char *pid = strsep(&rest, ","); pid != NULL; pid = strsep(&rest, ",")) {
        struct usage one = usage_of_one(pid);
        sum.cpu_seconds += one.cpu_seconds;
        sum.resident_kib += one.resident_kib;
    }
    free(list);
    return sum;
}
