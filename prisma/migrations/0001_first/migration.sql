CREATE TABLE "User" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "createdAt" DATETIME NOT NULL
);

CREATE TABLE "Session" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "userId" TEXT NOT NULL,
  "scenarioId" TEXT NOT NULL,
  "seed" INTEGER NOT NULL,
  "openedAt" DATETIME NOT NULL,
  "touchedAt" DATETIME NOT NULL,
  "startedAt" DATETIME NOT NULL,
  "hintsShown" INTEGER NOT NULL,
  "gaveUpAt" DATETIME,
  CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "Session_userId_scenarioId_idx" ON "Session" ("userId", "scenarioId");

CREATE TABLE "Grading" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "sessionId" TEXT NOT NULL,
  "gradedAt" DATETIME NOT NULL,
  "scored" INTEGER NOT NULL,
  "possible" INTEGER NOT NULL,
  CONSTRAINT "Grading_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "Grading_sessionId_gradedAt_idx" ON "Grading" ("sessionId", "gradedAt");

CREATE TABLE "CheckResult" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "gradingId" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "checkId" TEXT NOT NULL,
  "points" INTEGER NOT NULL,
  "scored" INTEGER NOT NULL,
  "outcome" TEXT NOT NULL,
  "detail" JSONB NOT NULL,
  CONSTRAINT "CheckResult_gradingId_fkey" FOREIGN KEY ("gradingId") REFERENCES "Grading" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "CheckResult_gradingId_position_key" ON "CheckResult" ("gradingId", "position");

CREATE TABLE "Solve" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "userId" TEXT NOT NULL,
  "scenarioId" TEXT NOT NULL,
  "sessionId" TEXT NOT NULL,
  "solvedAt" DATETIME NOT NULL,
  "seconds" INTEGER NOT NULL,
  "hintsUsed" INTEGER NOT NULL,
  "gaveUp" BOOLEAN NOT NULL,
  CONSTRAINT "Solve_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "Solve_userId_scenarioId_idx" ON "Solve" ("userId", "scenarioId");

CREATE TABLE "Attempt" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "userId" TEXT NOT NULL,
  "startedAt" DATETIME NOT NULL,
  "endsAt" DATETIME NOT NULL,
  "aliveAt" DATETIME NOT NULL,
  "endedAt" DATETIME,
  "endedBy" TEXT,
  CONSTRAINT "Attempt_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "Attempt_userId_startedAt_idx" ON "Attempt" ("userId", "startedAt");

CREATE TABLE "AttemptQuestion" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "attemptId" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "scenarioId" TEXT NOT NULL,
  "points" INTEGER NOT NULL,
  "flagged" BOOLEAN NOT NULL,
  "sessionId" TEXT NOT NULL,
  "gradingId" TEXT,
  CONSTRAINT "AttemptQuestion_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "AttemptQuestion_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "AttemptQuestion_gradingId_fkey" FOREIGN KEY ("gradingId") REFERENCES "Grading" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "AttemptQuestion_sessionId_key" ON "AttemptQuestion" ("sessionId");

CREATE UNIQUE INDEX "AttemptQuestion_gradingId_key" ON "AttemptQuestion" ("gradingId");

CREATE UNIQUE INDEX "AttemptQuestion_attemptId_position_key" ON "AttemptQuestion" ("attemptId", "position");
